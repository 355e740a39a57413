namespace Fvm.Ipld;

/// <summary>
/// A writable store above read-only stores: blocks are looked up in the upper one first, then in the others in order. As thread-safe as its
/// layers.
/// </summary>
public sealed class LayeredBlockstore : IPrefetchingBlockstore
{
    private readonly IBlockstore _upper;
    private readonly IBlockstore[] _lower;

    /// <summary>Layers, the writable one first.</summary>
    public LayeredBlockstore(IBlockstore upper, params IBlockstore[] lower)
    {
        _upper = upper;
        _lower = lower;
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        byte[]? block = _upper.Get(in cid);
        for (int layer = 0; block is null && layer < _lower.Length; layer++)
        {
            block = _lower[layer].Get(in cid);
        }

        return block;
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        bool has = _upper.Has(in cid);
        for (int layer = 0; !has && layer < _lower.Length; layer++)
        {
            has = _lower[layer].Has(in cid);
        }

        return has;
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block) => _upper.Put(in cid, block);

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => _upper.PutMany(blocks);

    /// <inheritdoc/>
    public void PrefetchPlace(in Cid cid)
    {
        (_upper as IPrefetchingBlockstore)?.PrefetchPlace(in cid);
        foreach (IBlockstore lower in _lower)
        {
            (lower as IPrefetchingBlockstore)?.PrefetchPlace(in cid);
        }
    }

    /// <inheritdoc/>
    public byte[]? Glance(in Cid cid, out CachedBlock? shared)
    {
        shared = null;
        byte[]? block = (_upper as IPrefetchingBlockstore)?.Glance(in cid, out shared);
        for (int layer = 0; block is null && shared is null && layer < _lower.Length; layer++)
        {
            block = (_lower[layer] as IPrefetchingBlockstore)?.Glance(in cid, out shared);
        }

        return block;
    }
}
