using Fvm.Ipld;

namespace Fvm.Hosting;

/// <summary>
/// A machine's view of its host's blocks: first the blocks it has already read, then the cache shared by all machines, then the host. Whether
/// a block exists is always the host's answer. Not thread-safe.
/// </summary>
/// <param name="host">The host's blocks.</param>
/// <param name="shared">The cache shared by all machines; null for none.</param>
/// <param name="calls">Counts the hits.</param>
public sealed class CachedBlockstore(IBlockstore host, SharedBlockCache? shared, HostCalls calls) : ISharingBlockstore, IPrefetchingBlockstore
{
    private const long OwnBytes = 1L << 20;

    // Overhead per block in bytes, beyond its own: the CID, the array header, the dictionary slot.
    private const int Overhead = 128;

    private readonly TwoGenerations<byte[]> _own = NewOwn();
    private readonly IPrefetchingBlockstore? _prefetchingHost = host as IPrefetchingBlockstore;

    /// <summary>A cache for the blocks that one machine has read: a little of what it used last, without a lock.</summary>
    public static TwoGenerations<byte[]> NewOwn() => new(OwnBytes, maxEntryBytes: OwnBytes / 8, static block => block.Length + Overhead);

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        byte[]? block = Get(in cid, out CachedBlock? found);
        if (found is not null)
        {
            _own.Add(in cid, found.Bytes);
        }

        return block;
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid, out CachedBlock? found)
    {
        found = null;
        if (_own.TryGet(in cid, out byte[]? block))
        {
            calls.CacheHits++;
            return block;
        }

        if (shared is not null && shared.TryGet(in cid, out found))
        {
            calls.CacheHits++;
            return found.Bytes;
        }

        block = Ask(in cid);
        if (block is not null)
        {
            _own.Add(in cid, block);
        }

        return block;
    }

    /// <inheritdoc/>
    public void PrefetchPlace(in Cid cid)
    {
        shared?.PrefetchPlace(in cid);
        _prefetchingHost?.PrefetchPlace(in cid);
    }

    /// <inheritdoc/>
    public byte[]? Glance(in Cid cid, out CachedBlock? found)
    {
        found = shared?.Glance(in cid);
        return found is null ? _prefetchingHost?.Glance(in cid, out _) : null;
    }

    /// <inheritdoc/>
    public void Share(CachedBlock known) => shared?.Refine(known);

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        try
        {
            return host.Has(in cid);
        }
        catch (BlockstoreException)
        {
            Forget();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        try
        {
            host.Put(in cid, block);
        }
        catch (BlockstoreException)
        {
            Forget();
            throw;
        }
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        try
        {
            host.PutMany(blocks);
        }
        catch (BlockstoreException)
        {
            Forget();
            throw;
        }

        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Cid cid = block.Key;
            shared?.Keep(in cid, block.Value);
        }
    }

    private byte[]? Ask(in Cid cid)
    {
        try
        {
            byte[]? block = host.Get(in cid);
            if (block is not null)
            {
                // What follows takes as long as the block is on its way.
                BlockPrefetch.Begin(block);
                shared?.Asked(in cid, block);
            }

            return block;
        }
        catch (BlockstoreException)
        {
            Forget();
            throw;
        }
    }

    // The machine, too, is to notice that its host fails.
    private void Forget()
    {
        _own.Clear();
        shared?.Clear();
    }
}
