using System.Collections.Concurrent;

namespace Fvm.Ipld.Tests;

/// <summary>A store in memory that keeps what readers found out about its blocks. Thread-safe.</summary>
internal sealed class SharingBlockstore : ISharingBlockstore
{
    private readonly ConcurrentDictionary<Cid, CachedBlock> _blocks = [];
    private int _shares;

    /// <summary>How often a reader has told something.</summary>
    public int Shares => _shares;

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

    public void Put(in Cid cid, byte[] block) => _blocks.TryAdd(cid, new CachedBlock(in cid, block));

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Put(block.Key, block.Value);
        }
    }
}
