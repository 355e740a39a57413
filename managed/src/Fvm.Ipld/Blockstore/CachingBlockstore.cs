namespace Fvm.Ipld;

/// <summary>
/// A bounded cache above a slow store. Writes go through to the store and are cached. Missing blocks are not cached: they may arrive later.
/// Thread-safe if the store below is; the store is never called under the lock.
/// </summary>
internal sealed class CachingBlockstore : IBlockstore
{
    /// <summary>Overhead per entry in bytes, beyond the block's: the CID, the array header, the dictionary slot.</summary>
    private const int EntryOverhead = 128;

    private readonly IBlockstore _inner;
    private readonly TwoGenerations<byte[]> _blocks;
    private readonly Lock _gate = new();
    private long _hits;
    private long _misses;

    /// <summary>An empty cache above <paramref name="inner"/>.</summary>
    /// <param name="inner">The slow store.</param>
    /// <param name="maxBytes">Capacity, in bytes of memory.</param>
    public CachingBlockstore(IBlockstore inner, long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        _inner = inner;
        _blocks = new TwoGenerations<byte[]>(maxBytes, maxEntryBytes: maxBytes / 2, static block => block.Length + EntryOverhead);
    }

    /// <summary>The number of reads served from memory.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>The number of reads passed to the store below.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        if (TryGetCached(in cid, out byte[]? cached))
        {
            Interlocked.Increment(ref _hits);
            return cached;
        }

        Interlocked.Increment(ref _misses);
        byte[]? block = _inner.Get(in cid);
        if (block is not null)
        {
            Remember(in cid, block);
        }

        return block;
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        lock (_gate)
        {
            if (_blocks.Contains(in cid))
            {
                return true;
            }
        }

        return _inner.Has(in cid);
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        _inner.Put(in cid, block);
        Remember(in cid, block);
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        KeyValuePair<Cid, byte[]>[] all = blocks.ToArray();
        _inner.PutMany(all);
        foreach (KeyValuePair<Cid, byte[]> block in all)
        {
            Cid cid = block.Key;
            Remember(in cid, block.Value);
        }
    }

    private bool TryGetCached(in Cid cid, out byte[]? block)
    {
        lock (_gate)
        {
            return _blocks.TryGet(in cid, out block);
        }
    }

    private void Remember(in Cid cid, byte[] block)
    {
        lock (_gate)
        {
            _blocks.Add(in cid, block);
        }
    }
}
