using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>Counts the reads of a store. Not thread-safe.</summary>
/// <param name="store">The store.</param>
internal sealed class CountingBlockstore(IBlockstore store) : IBlockstore
{
    private readonly CidSet _read = new();

    /// <summary>The number of reads.</summary>
    public long Reads { get; private set; }

    /// <summary>The number of blocks that were read.</summary>
    public long Distinct => _read.Count;

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        Reads++;
        _read.Add(cid);
        return store.Get(cid);
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid) => store.Has(cid);

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block) => store.Put(cid, block);

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => store.PutMany(blocks);
}
