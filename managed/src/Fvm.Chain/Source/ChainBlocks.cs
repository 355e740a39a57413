using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// The blocks of a chain from several sources: the caches first, then the sources, the nearest first. What a source gives is kept in all caches
/// above it. Thread-safe if they are.
/// </summary>
/// <param name="memoryBytes">The capacity of the cache in memory, in bytes.</param>
/// <param name="disk">The cache on disk; null for none.</param>
/// <param name="sources">The sources.</param>
public sealed class ChainBlocks(long memoryBytes, IBlockstore? disk, params IBlockstore[] sources) : IBulkBlockstore
{
    private const int EntryOverhead = 128;

    private readonly TwoGenerations<byte[]> _memory = new(memoryBytes, memoryBytes / 2, static block => block.Length + EntryOverhead);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        if (FromCaches(in cid) is byte[] cached)
        {
            return cached;
        }

        foreach (IBlockstore source in sources)
        {
            if (source.Get(in cid) is byte[] block)
            {
                Keep(in cid, block, source);
                return block;
            }
        }

        return null;
    }

    /// <summary>Reads blocks that will be wanted into the caches, together.</summary>
    /// <exception cref="BlockstoreException">A source failed.</exception>
    public void Gather(IReadOnlyList<Cid> cids) => _ = ((IBulkBlockstore)this).GetMany(cids);

    /// <inheritdoc/>
    IReadOnlyList<byte[]?> IBulkBlockstore.GetMany(IReadOnlyList<Cid> cids)
    {
        byte[]?[] blocks = [.. cids.Select(cid => FromCaches(in cid))];
        foreach (IBlockstore source in sources)
        {
            int[] open = [.. Enumerable.Range(0, blocks.Length).Where(index => blocks[index] is null)];
            if (open.Length == 0)
            {
                break;
            }

            IReadOnlyList<byte[]?> found = source is IBulkBlockstore bulk
                ? bulk.GetMany([.. open.Select(index => cids[index])])
                : [.. open.Select(index => source.Get(cids[index]))];
            for (int index = 0; index < open.Length; index++)
            {
                if (found[index] is byte[] block)
                {
                    blocks[open[index]] = block;
                    Keep(cids[open[index]], block, source);
                }
            }
        }

        return blocks;
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        if (FromCaches(in cid) is not null)
        {
            return true;
        }

        foreach (IBlockstore source in sources)
        {
            // A source behind a network gives the block with the answer.
            if (source is IBulkBlockstore ? Get(in cid) is not null : source.Has(in cid))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void Put(in Cid cid, byte[] block) => throw new BlockstoreException("the blocks of a chain are only read");

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => throw new BlockstoreException("the blocks of a chain are only read");

    private byte[]? FromCaches(in Cid cid)
    {
        lock (_gate)
        {
            if (_memory.TryGet(in cid, out byte[]? known))
            {
                return known;
            }
        }

        byte[]? block = disk?.Get(in cid);
        if (block is not null)
        {
            Remember(in cid, block);
        }

        return block;
    }

    // A file is as near as the cache on disk.
    private void Keep(in Cid cid, byte[] block, IBlockstore source)
    {
        Remember(in cid, block);
        if (source is IBulkBlockstore)
        {
            disk?.Put(in cid, block);
        }
    }

    private void Remember(in Cid cid, byte[] block)
    {
        lock (_gate)
        {
            _memory.Add(in cid, block);
        }
    }
}
