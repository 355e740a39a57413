using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>What a library asks its host while it runs a vector: blocks and the chain, from the vector and its bundle.</summary>
internal sealed class LibraryHost(Vector vector, IBlockstore bundle)
{
    private readonly VectorExterns _externs = new(vector);
    private readonly CarBlockstore _state = CarBlocks.Read(vector.Car, "car");

    /// <summary>The blocks that the library puts.</summary>
    public MemoryBlockstore Written { get; } = new(threadSafe: true);

    public byte[]? Get(in Cid cid) => Written.Get(cid) ?? _state.Get(cid) ?? bundle.Get(cid);

    public bool Has(in Cid cid) => Written.Has(cid) || _state.Has(cid) || bundle.Has(cid);

    public byte[] Randomness(long epoch, bool beacon) =>
        beacon ? _externs.GetBeaconRandomness(new ChainEpoch(epoch)) : _externs.GetChainRandomness(new ChainEpoch(epoch));

    public Cid TipsetCid(long epoch) => _externs.GetTipsetCid(new ChainEpoch(epoch));
}
