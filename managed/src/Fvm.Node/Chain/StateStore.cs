using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>
/// The blocks that a chain has written: states, messages and headers. What is no longer reachable from what is kept is dropped. One thread
/// writes; any thread reads.
/// </summary>
internal sealed class StateStore : IBlockstore, IDisposable
{
    // Per block besides its bytes: the entry of the dictionary, and the header of the array.
    private const int EntryBytes = 120;

    private readonly ReaderWriterLockSlim _gate = new(LockRecursionPolicy.NoRecursion);
    private Dictionary<Cid, byte[]> _blocks = [];
    private long _bytes;

    // Blocks that are not saved yet; null unless somebody takes them. Of the thread that writes.
    private List<KeyValuePair<Cid, byte[]>>? _fresh;

    /// <summary>The memory in use, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
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
    public bool Has(in Cid cid) => Get(in cid) is not null;

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        _gate.EnterWriteLock();
        try
        {
            Add(in cid, block);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        _gate.EnterWriteLock();
        try
        {
            foreach ((Cid cid, byte[] block) in blocks)
            {
                Add(in cid, block);
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Drops all blocks but those that can be reached. To be called by the thread that writes.</summary>
    /// <param name="roots">What is kept, with all that it links to.</param>
    /// <param name="single">What is kept alone.</param>
    public void Keep(IEnumerable<Cid> roots, IEnumerable<Cid> single)
    {
        // Blocks of other stores, such as a bundle, link to none of these, so that links are followed through own blocks only.
        Dictionary<Cid, byte[]> kept = [];
        long bytes = 0;
        Stack<Cid> open = new(roots);
        while (open.TryPop(out Cid cid))
        {
            if (Take(in cid) is byte[] block && cid.Codec == Multicodec.DagCbor)
            {
                PushLinks(block, open);
            }
        }

        foreach (Cid cid in single)
        {
            _ = Take(in cid);
        }

        _gate.EnterWriteLock();
        _blocks = kept;
        Interlocked.Exchange(ref _bytes, bytes);
        _gate.ExitWriteLock();

        byte[]? Take(in Cid cid)
        {
            if (!_blocks.TryGetValue(cid, out byte[]? block) || !kept.TryAdd(cid, block))
            {
                return null;
            }

            bytes += block.Length + EntryBytes;
            return block;
        }
    }

    /// <summary>Begins to note new blocks, for <see cref="TakeFresh"/>.</summary>
    public void NoteFresh() => _fresh ??= [];

    /// <summary>The new blocks since the last call. To be called by the thread that writes.</summary>
    public IReadOnlyList<KeyValuePair<Cid, byte[]>> TakeFresh()
    {
        IReadOnlyList<KeyValuePair<Cid, byte[]>> taken = _fresh ?? [];
        _fresh = _fresh is null ? null : [];
        return taken;
    }

    /// <summary>All blocks.</summary>
    public KeyValuePair<Cid, byte[]>[] All()
    {
        _gate.EnterReadLock();
        try
        {
            return [.. _blocks];
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static void PushLinks(byte[] block, Stack<Cid> open)
    {
        LinkScanner scanner = new(block, forgiveTails: true);
        while (scanner.More)
        {
            LinkScanStep step = scanner.ReadField();
            if (step == LinkScanStep.Malformed)
            {
                return;
            }

            if (step == LinkScanStep.Link && scanner.TryReadLink(out Cid cid))
            {
                open.Push(cid);
            }
        }
    }

    private void Add(in Cid cid, byte[] block)
    {
        if (_blocks.TryAdd(cid, block))
        {
            _fresh?.Add(new(cid, block));
            Interlocked.Add(ref _bytes, block.Length + EntryBytes);
        }
    }
}
