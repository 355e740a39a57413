using Fvm.Ipld;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>The state of a one-shot call: the given blocks, and those that it writes.</summary>
internal sealed class UnaryState
{
    private const int MaxDigests = 16;

    private readonly MemoryBlockstore _written = new();
    private readonly IBlockstore _blocks;
    private readonly SharedParts _shared;
    private readonly GivenExterns _externs;

    /// <exception cref="CallFault">A set is not known, or the CAR or the environment is malformed.</exception>
    public UnaryState(SharedParts shared, BlockSets sets, BlockSource? source, Protocol.V1.Environment? environment)
    {
        _shared = shared;
        _blocks = new LayeredBlockstore(_written, [.. Sources(shared, sets, source)]);
        _externs = new GivenExterns(environment);
    }

    /// <summary>The blocks that machines wrote.</summary>
    public IEnumerable<Protocol.V1.Block> Written => _written.Snapshot().Select(static block =>
    {
        Cid cid = block.Key;
        return new Protocol.V1.Block { Cid = ToClient.Bytes(in cid), Data = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(block.Value) };
    });

    /// <summary>All blocks.</summary>
    public IBlockstore Blocks => _blocks;

    /// <summary>A machine on the blocks.</summary>
    public Executor Machine(MachineContext context) => new(new Machine(_shared.Engines, context, _blocks, _externs, _externs));

    /// <summary>The blocks of a CAR file; unpacked, they are bounded as a session's are.</summary>
    /// <exception cref="CallFault">It is malformed or too large.</exception>
    public static BlockSet Car(byte[] car, SidecarOptions options, string field)
    {
        try
        {
            CarReadOptions reading = new() { MaxTotalLength = options.MaxSessionBytes, AllowNoRoots = true };
            using CarBlockstore store = CarBlockstore.Load(car, reading);
            return new BlockSet(new Dictionary<Cid, byte[]>(store.Blocks));
        }
        catch (Exception e) when (e is CarException or IOException or InvalidDataException)
        {
            throw CallFault.Field(field, e.Message);
        }
    }

    private static IEnumerable<IBlockstore> Sources(SharedParts shared, BlockSets sets, BlockSource? source)
    {
        if (source is null)
        {
            throw CallFault.Field("source", "is missing");
        }

        if (source.Digests.Count > MaxDigests)
        {
            throw CallFault.Field("source.digests", $"has more than {MaxDigests} items");
        }

        foreach (Google.Protobuf.ByteString digest in source.Digests)
        {
            yield return sets.Find(digest) ?? throw CallFault.Broken(
                "a set of blocks was never uploaded, or is forgotten: upload it again", Convert.ToHexStringLower(digest.Span));
        }

        if (!source.Car.IsEmpty)
        {
            yield return Car(source.Car.ToByteArray(), shared.Options, "source.car");
        }
    }
}
