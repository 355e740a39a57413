namespace Fvm.Ipld;

/// <summary>A store in memory. Thread-safe on request (a lock per call).</summary>
public sealed class MemoryBlockstore : IPrefetchingBlockstore
{
    private readonly OrderedBlocks _blocks = new();
    private readonly ReaderWriterLockSlim? _gate;

    /// <summary>An empty store.</summary>
    /// <param name="threadSafe">Whether several threads may use it at the same time.</param>
    public MemoryBlockstore(bool threadSafe = false)
    {
        _gate = threadSafe ? new ReaderWriterLockSlim(LockRecursionPolicy.NoRecursion) : null;
    }

    /// <summary>The number of blocks.</summary>
    public int Count
    {
        get
        {
            _gate?.EnterReadLock();
            try
            {
                return _blocks.Count;
            }
            finally
            {
                _gate?.ExitReadLock();
            }
        }
    }

    /// <summary>The blocks at the time of the call, in the order in which their CIDs were put first.</summary>
    public KeyValuePair<Cid, byte[]>[] Snapshot()
    {
        _gate?.EnterReadLock();
        try
        {
            return _blocks.ToArray();
        }
        finally
        {
            _gate?.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        if (_gate is null)
        {
            return _blocks.Find(in cid);
        }

        _gate.EnterReadLock();
        try
        {
            return _blocks.Find(in cid);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        if (_gate is null)
        {
            return _blocks.Find(in cid) is not null;
        }

        _gate.EnterReadLock();
        try
        {
            return _blocks.Find(in cid) is not null;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        _gate?.EnterWriteLock();
        try
        {
            _blocks.Set(in cid, block);
        }
        finally
        {
            _gate?.ExitWriteLock();
        }
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        _gate?.EnterWriteLock();
        try
        {
            foreach (KeyValuePair<Cid, byte[]> block in blocks)
            {
                Cid cid = block.Key;
                _blocks.Set(in cid, block.Value);
            }
        }
        finally
        {
            _gate?.ExitWriteLock();
        }
    }

    /// <inheritdoc/>
    public void PrefetchPlace(in Cid cid) => _blocks.PrefetchPlace(in cid);

    /// <inheritdoc/>
    public byte[]? Glance(in Cid cid, out CachedBlock? shared)
    {
        shared = null;
        return _blocks.Glance(in cid);
    }
}
