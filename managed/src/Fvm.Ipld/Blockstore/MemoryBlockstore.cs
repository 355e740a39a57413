namespace Fvm.Ipld;

/// <summary>A store in memory. Thread-safe on request (a lock per call).</summary>
public sealed class MemoryBlockstore : IBlockstore
{
    private readonly Dictionary<Cid, byte[]> _blocks;
    private readonly ReaderWriterLockSlim? _gate;

    /// <summary>An empty store.</summary>
    /// <param name="threadSafe">Whether several threads may use it at the same time.</param>
    /// <param name="capacity">Initial capacity, in blocks.</param>
    public MemoryBlockstore(bool threadSafe = false, int capacity = 0)
    {
        _blocks = new Dictionary<Cid, byte[]>(capacity);
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

    /// <summary>The blocks at the time of the call.</summary>
    public KeyValuePair<Cid, byte[]>[] Snapshot()
    {
        _gate?.EnterReadLock();
        try
        {
            KeyValuePair<Cid, byte[]>[] blocks = new KeyValuePair<Cid, byte[]>[_blocks.Count];
            ((ICollection<KeyValuePair<Cid, byte[]>>)_blocks).CopyTo(blocks, 0);
            return blocks;
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
            return _blocks.GetValueOrDefault(cid);
        }

        _gate.EnterReadLock();
        try
        {
            return _blocks.GetValueOrDefault(cid);
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
            return _blocks.ContainsKey(cid);
        }

        _gate.EnterReadLock();
        try
        {
            return _blocks.ContainsKey(cid);
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
            _blocks[cid] = block;
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
                _blocks[block.Key] = block.Value;
            }
        }
        finally
        {
            _gate?.ExitWriteLock();
        }
    }
}
