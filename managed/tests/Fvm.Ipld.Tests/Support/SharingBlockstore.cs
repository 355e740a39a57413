using System.Collections.Concurrent;

namespace Fvm.Ipld.Tests;

/// <summary>A store in memory that keeps what readers found out about its blocks. Thread-safe.</summary>
internal sealed class SharingBlockstore : ISharingBlockstore, IPrefetchingBlockstore
{
    private readonly ConcurrentDictionary<Cid, CachedBlock> _blocks = [];
    private int _shares;
    private int _glances;

    /// <summary>How often a reader has told something.</summary>
    public int Shares => _shares;

    /// <summary>How often a reader has looked for a block that it does not read yet.</summary>
    public int Glances => _glances;

    /// <summary>The memory of the blocks and of what is known about them.</summary>
    public long Cost => _blocks.Values.Sum(static block => (long)block.Cost);

    public static SharingBlockstore Of(MemoryBlockstore store)
    {
        SharingBlockstore sharing = new();
        sharing.PutMany(store.Snapshot());
        return sharing;
    }

    public byte[]? Get(in Cid cid) => _blocks.GetValueOrDefault(cid)?.Bytes;

    public byte[]? Get(in Cid cid, out CachedBlock? shared) => _blocks.TryGetValue(cid, out shared) ? shared.Bytes : null;

    public void Share(CachedBlock known)
    {
        Interlocked.Increment(ref _shares);
        _blocks[known.Cid] = known;
    }

    public bool Has(in Cid cid) => _blocks.ContainsKey(cid);

    public void PrefetchPlace(in Cid cid)
    {
    }

    // Of three glances one is wrong, one finds only the block, and one all that is known of it.
    public byte[]? Glance(in Cid cid, out CachedBlock? shared)
    {
        int glance = Interlocked.Increment(ref _glances) % 3;
        shared = glance == 0 ? _blocks.Values.Skip(_glances % _blocks.Count).First() : glance == 1 ? null : _blocks.GetValueOrDefault(cid);
        return shared is null ? _blocks.GetValueOrDefault(cid)?.Bytes : null;
    }

    public void Put(in Cid cid, byte[] block) => _blocks.TryAdd(cid, new CachedBlock(in cid, block));

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Put(block.Key, block.Value);
        }
    }
}
