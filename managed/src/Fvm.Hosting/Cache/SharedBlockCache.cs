using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm.Hosting;

/// <summary>
/// A block cache shared by all machines of the process, whatever their stores: a block's content is determined by its CID. Thread-safe.
/// </summary>
/// <remarks>
/// A block read from a host is admitted once enough machines have requested it, and only if it matches its CID's digest: a host that returns
/// wrong bytes harms only its own machines. Blocks written by a machine are admitted at once, for the next epoch reads them. A failing
/// host empties the cache, so that a node whose store is broken notices it.
/// </remarks>
/// <param name="maxBytes">Capacity, in bytes of memory; 0 disables the cache.</param>
public sealed class SharedBlockCache(long maxBytes)
{
    /// <summary>The number of requests after which a block is admitted.</summary>
    public const int AsksToEnter = 4;

    /// <summary>The default capacity, in bytes.</summary>
    public const long DefaultBytes = 128L << 20;

    private const int ShardCount = 16;
    private const int ShardShift = 28;

    private readonly Shard[] _shards = Shard.Make(ShardCount, maxBytes / ShardCount);

    /// <summary>The number of reads served by the cache.</summary>
    public long Hits => _shards.Sum(static shard => shard.Hits);

    /// <summary>The number of reads passed to the host.</summary>
    public long Misses => _shards.Sum(static shard => shard.Misses);

    /// <summary>The number of blocks.</summary>
    public int Count => _shards.Sum(shard => shard.Blocks.Count);

    /// <summary>Their approximate memory use, in bytes.</summary>
    public long Bytes => _shards.Sum(shard => shard.Blocks.Bytes);

    /// <summary>
    /// The cache for machines of a network version; null where it must not be used. Without link tracking, actors observe whether the host has
    /// a block: blocks of other machines, possibly of another host, must not be visible to them.
    /// </summary>
    public SharedBlockCache? For(NetworkVersion version) =>
        NetworkRules.TryFor(version, out NetworkRules? rules) && !rules.TracksLinks ? null : this;

    public bool TryGet(in Cid cid, [NotNullWhen(true)] out CachedBlock? block)
    {
        int hash = cid.GetHashCode();
        Shard shard = Of(hash);
        lock (shard.Gate)
        {
            bool found = shard.Blocks.TryGet(in cid, hash, out block);
            shard.Hits += found ? 1 : 0;
            shard.Misses += found ? 0 : 1;
            return found;
        }
    }

    /// <summary>As <see cref="TryGet"/>, but counts neither as a hit nor as a miss.</summary>
    public bool TryPeek(in Cid cid, [NotNullWhen(true)] out byte[]? block)
    {
        int hash = cid.GetHashCode();
        Shard shard = Of(hash);
        lock (shard.Gate)
        {
            block = shard.Blocks.TryGet(in cid, hash, out CachedBlock? cached) ? cached.Bytes : null;
            return block is not null;
        }
    }

    /// <summary>Asks the memory for where the search for a block begins.</summary>
    public void PrefetchPlace(in Cid cid)
    {
        int hash = cid.GetHashCode();
        Of(hash).Blocks.PrefetchPlace(hash);
    }

    /// <summary>The block that a search finds first, most likely the right one; null if there is none, or it is not found at once.</summary>
    public CachedBlock? Glance(in Cid cid)
    {
        int hash = cid.GetHashCode();
        return Of(hash).Blocks.Glance(hash);
    }

    /// <summary>Counts a request that a machine had to pass to its host, and admits the block once requested often enough.</summary>
    /// <param name="cid">The block's CID.</param>
    /// <param name="block">The block.</param>
    /// <param name="isVerified">Whether the block is known to match the digest in its CID.</param>
    public void Asked(in Cid cid, byte[] block, bool isVerified = false)
    {
        if (maxBytes == 0)
        {
            return;
        }

        Shard shard = Of(cid.GetHashCode());
        lock (shard.Gate)
        {
            if (shard.Asks.Add(in cid) < AsksToEnter)
            {
                return;
            }
        }

        if (cid.MultihashCode == MultihashCode.Blake2b256 && (isVerified || BlockDigest.Matches(in cid, block) == true))
        {
            Keep(in cid, block);
        }
    }

    /// <summary>Admits a block written by a machine.</summary>
    public void Keep(in Cid cid, byte[] block)
    {
        CachedBlock kept = new(in cid, block);
        int hash = cid.GetHashCode();
        Shard shard = Of(hash);
        lock (shard.Gate)
        {
            shard.Blocks.Add(kept, hash);
        }
    }

    /// <summary>Replaces a block by what a machine found out about it, if these are its bytes: those of another host may be others.</summary>
    public void Refine(CachedBlock known)
    {
        int hash = known.Cid.GetHashCode();
        Shard shard = Of(hash);
        lock (shard.Gate)
        {
            shard.Blocks.Replace(known, hash);
        }
    }

    /// <summary>Removes all blocks and request counts.</summary>
    public void Clear()
    {
        foreach (Shard shard in _shards)
        {
            lock (shard.Gate)
            {
                shard.Blocks.Clear();
                shard.Asks.Clear();
            }
        }
    }

    // By other bits of the hash than the tables use.
    private Shard Of(int hash) => _shards[(uint)hash >> ShardShift];

    private sealed class Shard(long maxBytes)
    {
        public Lock Gate { get; } = new();

        public BlockTable Blocks { get; } = new(maxBytes, maxBlockBytes: maxBytes / 8);

        public AskCounts Asks { get; } = new();

        public long Hits { get; set; }

        public long Misses { get; set; }

        public static Shard[] Make(int count, long maxBytes)
        {
            Shard[] shards = new Shard[count];
            for (int i = 0; i < count; i++)
            {
                shards[i] = new Shard(maxBytes);
            }

            return shards;
        }
    }
}
