using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Slowest;

/// <summary>The actors called by the looping actor.</summary>
internal static class Callees
{
    public const string LoopPath = "loop.wasm";

    /// <summary>Returns nothing.</summary>
    public const ulong Idle = 1001;

    /// <summary>Exits with code 42 and a message.</summary>
    public const ulong Exiting = 1002;

    /// <summary>Grows its memory by 100 pages and writes to each.</summary>
    public const ulong Growing = 1003;

    /// <summary>Returns a block of 1 KiB.</summary>
    public const ulong Returning = 1004;

    /// <summary>Calls itself recursively with a decremented method number, down to 2.</summary>
    public const ulong Nesting = 1005;

    /// <summary>Traps.</summary>
    public const ulong Trapping = 1006;

    /// <summary>Has 1 MiB of memory, initialised by data.</summary>
    public const ulong Loading = 1007;

    // The method number is the argument of the recursion.
    private const string Nest =
        """
        i32.const 0 call vm.message_context drop i32.const 0 i64.load 32 local.tee 1
        i64.const 2 i64.gt_u if
          i32.const 128 i32.const 4096 i32.const 3 local.get 1 i64.const 1 i64.sub i32.const 0
          i64.const 0 i64.const 0 i64.const -1 i64.const 0 call send.send drop
        end
        i32.const 0
        """;

    /// <summary>The builtin actors that the machine looks up.</summary>
    public static readonly string[] BuiltinNames = ["system", "init", "account", "placeholder", "eam", "ethaccount"];

    /// <summary>All callees.</summary>
    public static IEnumerable<GenesisActor> All { get; } =
    [
        Actor(Idle), Actor(Exiting), Actor(Growing), Actor(Returning), Actor(Nesting), Actor(Trapping), Actor(Loading),
    ];

    /// <summary>The code CID of a builtin actor.</summary>
    public static Cid BuiltinCode(string name) => Cid.Blake2b256(Multicodec.Raw, CodeOf($"{name}.wasm"));

    /// <summary>A module by its path. Builtin actors do nothing; all modules are distinct.</summary>
    public static byte[] CodeOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        int builtin = Array.IndexOf(BuiltinNames, name);
        if (builtin >= 0)
        {
            return LoopActor.Module("i32.const 0", content: [(byte)(builtin + 1)]);
        }

        return ulong.Parse(name) switch
        {
            Exiting => LoopActor.Module("i32.const 42 i32.const 0 i32.const 4096 i32.const 5 call vm.exit", content: "a fine"u8.ToArray()),
            Growing => LoopActor.Module(
                """
                i32.const 100 memory.grow local.set 1
                loop
                  local.get 1 i32.const 65536 i32.mul i32.const 1 i32.store
                  local.get 1 i32.const 1 i32.add local.tee 1 i32.const 101 i32.lt_u br_if 0
                end
                i32.const 0
                """,
                "i"),
            Returning => LoopActor.Module("i32.const 128 i64.const 85 i32.const 0 i32.const 1024 call ipld.block_create drop i32.const 128 i32.load"),
            Nesting => LoopActor.Module(Nest, "I", content: Address.NewId(Nesting).ToBytes()),
            Trapping => LoopActor.Module("unreachable"),
            Loading => LoopActor.Module("i32.const 0", pages: 17, content: [.. Enumerable.Range(1, 1 << 20).Select(i => (byte)(i * i))]),
            _ => LoopActor.Module("i32.const 0"),
        };
    }

    private static GenesisActor Actor(ulong id) => new(id, $"{id}.wasm", $"{id}.wasm", EmptyState.Block, TokenAmount.Zero);
}
