// A bounded cache above a slow store.
namespace Fvm.Ipld;

/// <summary>
/// Remembers blocks of a slow store, at most so many bytes of them. Writes go through to the store and are remembered. That a block is
/// missing is not remembered: it may come. Several threads may use it if the store below allows that; it is never called under the lock.
/// </summary>
/// <remarks>
/// Two generations: blocks go into the young one; when that holds half of the bytes, it becomes the old one and what was old is
/// forgotten. A hit in the old one brings the block back into the young one. So what was used lately stays, at the cost of a dictionary.
/// </remarks>
public sealed class CachingBlockstore : IBlockstore
{
    /// <summary>What an entry costs beside the bytes of its block: the CID, the array's header, the place in the dictionary.</summary>
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
    /// <param name="maxBytes">How much memory the cache may take, in bytes.</param>
    public CachingBlockstore(IBlockstore inner, long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        _inner = inner;
        _generationBytes = maxBytes / 2;
    }

    /// <summary>How many reads were answered from memory.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>How many reads went to the store below.</summary>
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
