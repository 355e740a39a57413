using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>What a library asks its host while it runs a vector: blocks and the chain, from the vector and its bundle.</summary>
internal sealed class LibraryHost
{
    private readonly VectorExterns _externs;

    public LibraryHost(Vector vector, IBlockstore bundle)
    {
        _externs = new VectorExterns(vector);
        Blocks = new LayeredBlockstore(Written, CarBlocks.Read(vector.Car, "car"), bundle);
    }

    /// <summary>All blocks: those that the library puts, the vector's and the bundle's.</summary>
    public LayeredBlockstore Blocks { get; }

    /// <summary>The blocks that the library puts.</summary>
    public MemoryBlockstore Written { get; } = new(threadSafe: true);

    public byte[] Randomness(long epoch, bool beacon) =>
        beacon ? _externs.GetBeaconRandomness(new ChainEpoch(epoch)) : _externs.GetChainRandomness(new ChainEpoch(epoch));

    public Cid TipsetCid(long epoch) => _externs.GetTipsetCid(new ChainEpoch(epoch));
}
