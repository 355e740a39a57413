using System.Globalization;

namespace Fvm.Slowest;

/// <summary>Loops over syscalls: one method per syscall module.</summary>
internal static partial class SyscallLoops
{
    private const int Big = 1 << 20;

    // Past all data.
    private const int Buffer = 24 << 16;

    private static readonly int[] Sizes = [0, 32, 1_024, Big];

    public static IEnumerable<Loop> All =>
    [
        .. Context(), .. Crypto(), .. Proofs(), .. Ipld(), .. Self(), .. Actor(), .. Send(), .. Event(), .. Gas(), .. Refusals(),
    ];

    /// <summary>The address of results, as the first argument of most syscalls.</summary>
    private static string Out { get; } = string.Create(CultureInfo.InvariantCulture, $"i32.const {LoopActor.Result} ");

    private static Loop New(string name, string code, DataArea? data = null, string setup = "") => new(name, $"{code} drop")
    {
        Setup = setup,
        Pages = 60,
        Content = data?.Content ?? [],
    };

    private static IEnumerable<Loop> Context()
    {
        DataArea text = new();
        string hello = text.Add("hello, whoever reads this"u8);
        yield return New("vm.message_context", $"{Out} call vm.message_context");
        yield return New("network.context", $"{Out} call network.context");
        yield return New("network.total_fil_circ_supply", $"{Out} call network.total_fil_circ_supply");
        yield return New("debug.enabled", $"{Out} call debug.enabled");
        yield return New("debug.log, not in debug mode", $"{hello} call debug.log", text);
        yield return New("debug.store_artifact, not in debug mode", $"{hello} {hello} call debug.store_artifact", text);
        foreach (long epoch in Answers.Epochs)
        {
            yield return New($"network.tipset_cid of {LoopVector.Epoch - epoch} epochs ago", $"{Out} i64.const {epoch} i32.const {Buffer} i32.const 100 call network.tipset_cid");
            yield return New($"rand.get_chain_randomness of {LoopVector.Epoch - epoch} epochs ago", $"{Out} i64.const {epoch} call rand.get_chain_randomness");
            yield return New($"rand.get_beacon_randomness of {LoopVector.Epoch - epoch} epochs ago", $"{Out} i64.const {epoch} call rand.get_beacon_randomness");
        }
    }

    // Every syscall with invalid arguments: all bits are set, so buffers lie outside memory and numbers are negative. No refusal may cost
    // more than the reference's, as a .NET exception would.
    private static IEnumerable<Loop> Refusals() =>
        from row in SyscallTable.AllRows
        where row.To == NetworkTable.Last && row.Parameters.Length > 0 && row.Name != "exit"
        let arguments = string.Join(' ', row.Parameters.Select(static type => type == 'l' ? "i64.const -1" : "i32.const -1"))
        select New($"{row.Module}.{row.Name} of all ones", $"{(row.ResultSize > 0 ? Out : "")} {arguments} call {row.Module}.{row.Name}");

    private static IEnumerable<Loop> Gas()
    {
        DataArea text = new();
        string name = text.Add("charge"u8);
        yield return New("gas.available", $"{Out} call gas.available");
        yield return New("gas.charge of 0", $"{name} i64.const 0 call gas.charge", text);
        yield return New("gas.charge with a name of 1 MB", $"i32.const 0 i32.const {Big} i64.const 0 call gas.charge");

        // Each refusal charges the gas before it once more, so gas grows with the square of the rounds.
        yield return New("a result that has no place", "i32.const -1 call gas.available") with { MaxRounds = 30_000 };
    }

    private static IEnumerable<Loop> Self()
    {
        DataArea cid = new();
        string root = cid.AddFixed(EmptyState.Cid.ToBytes());
        yield return New("self.root", $"{Out} i32.const {Buffer} i32.const 100 call self.root");
        yield return New("self.set_root", $"{root} call self.set_root", cid);
        yield return New("self.set_root of what is not reachable", $"{Unreachable(out DataArea other)} call self.set_root", other);
        yield return New("self.current_balance", $"{Out} call self.current_balance");
    }

    private static IEnumerable<Loop> Event()
    {
        yield return New("event.emit_event without entries", "i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 call event.emit_event");
        foreach ((int entries, int key, int value) in ((int, int, int)[])[(1, 1, 0), (1, 31, 32), (1, 31, 8_192), (4, 2, 32), (255, 3, 32), (255, 31, 32), (256, 1, 1)])
        {
            DataArea data = new();
            List<byte> heads = [];
            for (int i = 0; i < entries; i++)
            {
                heads.AddRange([3, 0, 0, 0, 0, 0, 0, 0, 0x55, 0, 0, 0, 0, 0, 0, 0]);
                heads.AddRange(BitConverter.GetBytes(key));
                heads.AddRange(BitConverter.GetBytes(value));
            }

            string packed = data.AddFixed([.. heads]);
            string keys = data.Add([.. Enumerable.Repeat((byte)'k', key * entries)]);
            string values = data.Add(new byte[value * entries]);
            yield return New(
                $"event.emit_event of {entries} entries, keys of {key} bytes, values of {value}",
                $"{packed} i32.const {entries} {keys} {values} call event.emit_event",
                data);
        }
    }
}
