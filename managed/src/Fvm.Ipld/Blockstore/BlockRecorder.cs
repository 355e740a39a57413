namespace Fvm.Ipld;

/// <summary>Notes which blocks of a store are read. Thread-safe if the store is.</summary>
/// <param name="store">The store.</param>
public sealed class BlockRecorder(IBlockstore store) : IBlockstore
{
    private readonly HashSet<Cid> _read = [];
    private readonly Lock _gate = new();

    /// <summary>The CIDs of the blocks that were read, or asked for and there, in ascending order.</summary>
    public Cid[] Read
    {
        get
        {
            lock (_gate)
            {
                Cid[] cids = [.. _read];
                Array.Sort(cids);
                return cids;
            }
        }
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        byte[]? block = store.Get(cid);
        if (block is not null)
        {
            Note(cid);
        }

        return block;
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        bool has = store.Has(cid);
        if (has)
        {
            Note(cid);
        }

        return has;
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block) => store.Put(cid, block);

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => store.PutMany(blocks);

    private void Note(in Cid cid)
    {
        lock (_gate)
        {
            _read.Add(cid);
        }
    }
}
