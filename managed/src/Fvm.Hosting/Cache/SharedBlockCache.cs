using System.Diagnostics.CodeAnalysis;
using Fvm.Crypto;
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

    // Overhead per block in bytes, beyond its own: the CID, the array header, the dictionary slot.
    private const int Overhead = 128;
    private const int ShardCount = 16;
    private const int DigestLength = 32;

    private readonly Shard[] _shards = Shard.Make(ShardCount, maxBytes / ShardCount);
    private long _hits;
    private long _misses;

    /// <summary>An empty cache of blocks, of which none takes more than an eighth.</summary>
    /// <param name="maxBytes">Capacity, in bytes of memory.</param>
    public static TwoGenerations<byte[]> NewBlocks(long maxBytes) =>
        new(maxBytes, maxEntryBytes: maxBytes / 8, static block => block.Length + Overhead);

    /// <summary>The number of reads served by the cache.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>The number of reads passed to the host.</summary>
    public long Misses => Interlocked.Read(ref _misses);

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

    public bool TryGet(in Cid cid, [NotNullWhen(true)] out byte[]? block)
    {
        Shard shard = Of(in cid);
        bool found;
        lock (shard.Gate)
        {
            found = shard.Blocks.TryGet(in cid, out block);
        }

        Interlocked.Increment(ref found ? ref _hits : ref _misses);
        return found;
    }

    /// <summary>Counts a request that a machine had to pass to its host, and admits the block once requested often enough.</summary>
    public void Asked(in Cid cid, byte[] block)
    {
        Shard shard = Of(in cid);
        lock (shard.Gate)
        {
            if (shard.Asks.Add(in cid) < AsksToEnter)
            {
                return;
            }
        }

        if (HasItsDigest(in cid, block))
        {
            Keep(in cid, block);
        }
    }

    /// <summary>Admits a block written by a machine.</summary>
    public void Keep(in Cid cid, byte[] block)
    {
        Shard shard = Of(in cid);
        lock (shard.Gate)
        {
            shard.Blocks.Add(in cid, block);
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

    private static bool HasItsDigest(in Cid cid, byte[] block)
    {
        if (cid.MultihashCode != MultihashCode.Blake2b256 || cid.DigestLength != DigestLength)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[DigestLength];
        Blake2b.Hash256(block, digest);
        return digest.SequenceEqual(cid.Digest);
    }

    private Shard Of(in Cid cid) => _shards[(uint)cid.GetHashCode() % ShardCount];

    private sealed class Shard(long maxBytes)
    {
        public Lock Gate { get; } = new();

        public TwoGenerations<byte[]> Blocks { get; } = NewBlocks(maxBytes);

        public AskCounts Asks { get; } = new();

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
