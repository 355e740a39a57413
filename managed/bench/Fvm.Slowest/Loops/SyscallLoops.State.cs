using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Slowest;

internal static partial class SyscallLoops
{
    private const int Raw = 0x55;
    private const int DagCbor = 0x71;
    private const int Blake2b256 = 0xb220;

    private static string Unreachable(out DataArea data)
    {
        data = new DataArea();
        return data.AddFixed(Cid.Blake2b256(Multicodec.DagCbor, [0x81, 0x01]).ToBytes());
    }

    private static IEnumerable<Loop> Ipld()
    {
        foreach (int size in Sizes)
        {
            yield return New($"ipld.block_create of raw {size}", Create(Raw, $"i32.const 0 i32.const {size}"));
        }

        foreach ((string name, byte[] block) in CborBlocks())
        {
            DataArea data = new();
            string place = data.Add(block);
            string setup = $"{Create(DagCbor, place)} drop i32.const {LoopActor.Result} i32.load local.set 2 ";
            string id = "local.get 2";
            yield return New($"ipld.block_create of {name}", Create(DagCbor, place), data);
            yield return New($"ipld.block_stat of {name}", $"{Out} {id} call ipld.block_stat", data, setup) with { Locals = "i" };
            yield return New($"ipld.block_read of {name}", $"{Out} {id} i32.const 0 i32.const {Buffer} i32.const {block.Length} call ipld.block_read", data, setup) with { Locals = "i" };
            yield return New($"ipld.block_link of {name}", Link(id), data, setup) with { Locals = "i" };
            yield return New($"ipld.block_link, block_open of {name}", $"{Link(id)} drop {Out} i32.const {Buffer} call ipld.block_open", data, setup) with { Locals = "i" };
        }

        string raw = $"{Create(Raw, $"i32.const 0 i32.const {Big}")} drop i32.const {LoopActor.Result} i32.load local.set 2 ";
        yield return New("ipld.block_read of raw 1 MB", $"{Out} local.get 2 i32.const 0 i32.const {Buffer} i32.const {Big} call ipld.block_read", null, raw) with { Locals = "i" };
        yield return New("ipld.block_link of raw 1 MB", Link("local.get 2"), null, raw) with { Locals = "i" };
        yield return New("ipld.block_create of no codec", Create(99, "i32.const 0 i32.const 1"));
        yield return New("ipld.block_stat of no block", $"{Out} i32.const 77 call ipld.block_stat");
        yield return New("ipld.block_open of what is not reachable", $"{Out} {Unreachable(out DataArea other)} call ipld.block_open", other);
        yield return New("ipld.block_open of the state", $"{Out} i32.const {Buffer} call ipld.block_open", null, $"{Out} i32.const {Buffer} i32.const 100 call self.root drop");
    }

    private static string Create(int codec, string place) => $"{Out} i64.const {codec} {place} call ipld.block_create";

    private static string Link(string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{Out} {id} i64.const {Blake2b256} i32.const 32 i32.const {Buffer} i32.const 100 call ipld.block_link");

    private static IEnumerable<(string Name, byte[] Block)> CborBlocks()
    {
        yield return ("an empty list", [0x80]);
        yield return ("10,000 small numbers", List(10_000, static writer => writer.WriteUInt(7)));
        yield return ("10,000 empty lists", List(10_000, static writer => writer.WriteArrayHeader(0)));
        yield return ("1,000 texts", List(1_000, static writer => writer.WriteText("seven is a number")));
        yield return ("1 MB of bytes", List(1, static writer => writer.WriteBytes(new byte[Big - 100])));
        yield return ("1,000 lists in each other", [.. Enumerable.Repeat((byte)0x81, 1_000), 0x80]);
        yield return ("1 link to data", List(1, static writer => writer.WriteCid(IdentityLink(1))));
        yield return ("100 inline links", List(100, static writer => writer.WriteCid(IdentityLink(30))));
        yield return ("1,000 inline links", List(1_000, static writer => writer.WriteCid(IdentityLink(3))));
    }

    private static Cid IdentityLink(int length)
    {
        byte[] cid = [1, Raw, 0, (byte)length, .. new byte[length]];
        return Cid.TryRead(cid, out Cid link, out _) ? link : throw new InvalidOperationException("no CID");
    }

    private static byte[] List(int count, Action<CborWriter> write)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(count);
        for (int i = 0; i < count; i++)
        {
            write(writer);
        }

        return writer.ToArray();
    }

    private static IEnumerable<Loop> Actor()
    {
        DataArea addresses = new();
        string sender = addresses.Add(LoopVector.Sender.ToBytes());
        string id = addresses.Add(Address.NewId(Callees.Idle).ToBytes());
        string unknownId = addresses.Add(Address.NewId(999_999).ToBytes());
        string unknownKey = addresses.Add(Address.NewBls(new byte[48]).ToBytes());
        string unknownEth = addresses.Add(Address.NewDelegated(ActorId.EthereumAddressManager, new byte[20]).ToBytes());
        string bad = addresses.Add([9, 9, 9]);
        string account = addresses.AddFixed(Callees.BuiltinCode("account").ToBytes());
        string noCode = addresses.AddFixed(EmptyState.Cid.ToBytes());
        foreach ((string name, string address) in ((string, string)[])
        [
            ("a key", sender), ("an ID", id), ("an unknown ID", unknownId), ("an unknown key", unknownKey),
            ("an unknown f410 address", unknownEth), ("no address", bad),
        ])
        {
            yield return New($"actor.resolve_address of {name}", $"{Out} {address} call actor.resolve_address", addresses);
        }

        foreach ((string name, ulong number) in ((string, ulong)[])[("an actor", Callees.Idle), ("the sender", 100), ("nobody", 999_999)])
        {
            yield return New($"actor.lookup_delegated_address of {name}", $"{Out} i64.const {number} i32.const {Buffer} i32.const 100 call actor.lookup_delegated_address");
            yield return New($"actor.get_actor_code_cid of {name}", $"{Out} i64.const {number} i32.const {Buffer} i32.const 100 call actor.get_actor_code_cid");
            yield return New($"actor.balance_of {name}", $"{Out} i64.const {number} call actor.balance_of");
        }

        yield return New("actor.balance_of one actor after another", $"{Out} local.get 1 i64.const 7 i64.and i64.const 1000 i64.add call actor.balance_of");
        yield return New("actor.balance_of ever others that are not there", $"{Out} local.get 1 i64.const 100000 i64.add call actor.balance_of");

        // Numbers whose halves are equal have the same hash in .NET.
        yield return New(
            "actor.balance_of ever others that are not there, of equal halves",
            $"{Out} local.get 1 i64.const {0x1_0000_0001} i64.mul i64.const {0x10_0000_0010_0000} i64.add call actor.balance_of");
        yield return New("actor.next_actor_address", $"{Out} i32.const {Buffer} i32.const 100 call actor.next_actor_address");
        yield return New("actor.create_actor, which only the init actor may", $"i64.const 5000 {account} i32.const 0 i32.const 0 call actor.create_actor", addresses);
        yield return New("actor.get_builtin_actor_type", $"{Out} {account} call actor.get_builtin_actor_type", addresses);
        yield return New("actor.get_builtin_actor_type of none", $"{Out} {noCode} call actor.get_builtin_actor_type", addresses);
        yield return New("actor.get_code_cid_for_type", $"{Out} i32.const 3 i32.const {Buffer} i32.const 100 call actor.get_code_cid_for_type");
        yield return New("actor.get_code_cid_for_type of none", $"{Out} i32.const 99 i32.const {Buffer} i32.const 100 call actor.get_code_cid_for_type");
    }

    private static IEnumerable<Loop> Send()
    {
        yield return Send("a transfer to an account", LoopVector.Sender, method: 0, value: 1);
        yield return Send("a transfer of nothing", LoopVector.Sender, method: 0);
        yield return Send("a transfer of too much", LoopVector.Sender, method: 0, value: long.MaxValue);
        yield return Send("to an account's method", LoopVector.Sender);
        yield return Send("to an actor", Address.NewId(Callees.Idle));
        yield return Send("to an actor, read-only", Address.NewId(Callees.Idle), flags: 1);
        yield return Send("to an actor, with little gas", Address.NewId(Callees.Idle), gas: 1_000);
        yield return Send("to an actor that exits (vm.exit)", Address.NewId(Callees.Exiting));
        yield return Send("to an actor that traps", Address.NewId(Callees.Trapping));
        yield return Send("to an actor that returns a block", Address.NewId(Callees.Returning));
        yield return Send("to an actor that grows by 100 pages", Address.NewId(Callees.Growing));
        yield return Send("to an actor with 1 MiB of data", Address.NewId(Callees.Loading));
        yield return Send("to nobody", Address.NewId(999_999));
        yield return Send("to an unknown key", Address.NewBls(new byte[48]), method: 0) with { MaxRounds = 1_000 };
        yield return Send("10 deep", Address.NewId(Callees.Nesting), method: 12);
        yield return Send("500 deep", Address.NewId(Callees.Nesting), method: 502);
        yield return New("self.self_destruct of one who has balance", "i32.const 0 call self.self_destruct");
    }

    private static Loop Send(string name, Address to, long method = 2, long value = 0, long flags = 0, long gas = -1)
    {
        DataArea data = new();
        return New(
            $"send.send {name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Out} {data.Add(to.ToBytes())} i64.const {method} i32.const 0 i64.const 0 i64.const {value} i64.const {gas} i64.const {flags} call send.send"),
            data);
    }
}
