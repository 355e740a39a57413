namespace Fvm.Ipld;

/// <summary>
/// A bounded cache above a slow store. Writes go through to the store and are cached. Missing blocks are not cached: they may arrive later.
/// Thread-safe if the store below is; the store is never called under the lock.
/// </summary>
/// <remarks>
/// Two generations: blocks enter the young one; when it holds half of the capacity, it becomes the old one and the previous old one is
/// evicted. A hit in the old generation moves the block to the young one. This approximates LRU at the cost of a dictionary.
/// </remarks>
internal sealed class CachingBlockstore : IBlockstore
{
    /// <summary>Overhead per entry in bytes, beyond the block's: the CID, the array header, the dictionary slot.</summary>
    private const int EntryOverhead = 128;

    private readonly IBlockstore _inner;
    private readonly long _generationBytes;
    private readonly Lock _gate = new();
    private Dictionary<Cid, byte[]> _young = [];
    private Dictionary<Cid, byte[]> _old = [];
    private long _youngBytes;
    private long _hits;
    private long _misses;

    /// <summary>An empty cache above <paramref name="inner"/>.</summary>
    /// <param name="inner">The slow store.</param>
    /// <param name="maxBytes">Capacity, in bytes of memory.</param>
    public CachingBlockstore(IBlockstore inner, long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        _inner = inner;
        _generationBytes = maxBytes / 2;
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
            if (_young.ContainsKey(cid) || _old.ContainsKey(cid))
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
            if (_young.TryGetValue(cid, out block))
            {
                return true;
            }

            if (!_old.Remove(cid, out block))
            {
                return false;
            }

            AddToYoung(in cid, block);
            return true;
        }
    }

    private void Remember(in Cid cid, byte[] block)
    {
        if (block.Length + EntryOverhead > _generationBytes)
        {
            return;
        }

        lock (_gate)
        {
            AddToYoung(in cid, block);
        }
    }

    private void AddToYoung(in Cid cid, byte[] block)
    {
        long cost = block.Length + EntryOverhead;
        if (_youngBytes + cost > _generationBytes)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
            _youngBytes = 0;
        }

        _youngBytes += _young.TryAdd(cid, block) ? cost : 0;
    }
}
