using System.Diagnostics.CodeAnalysis;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>
/// Blocks that all machines of the process share, whatever store they came from: a block is what its CID says, wherever it is kept.
/// Several threads may use it.
/// </summary>
/// <remarks>
/// A block read from a host enters when so many machines have asked for it, and only if its digest is its CID's: a host that gives wrong
/// bytes harms its own machines only. Blocks that a machine wrote enter at once, for the next epoch reads them. A host that fails
/// empties the cache: a node whose store is broken is to hear of it.
/// </remarks>
/// <param name="maxBytes">How much memory it may take; 0 keeps nothing.</param>
internal sealed class SharedBlockCache(long maxBytes)
{
    /// <summary>How many machines must have asked for a block.</summary>
    public const int AsksToEnter = 4;

    /// <summary>What is used where the environment does not say.</summary>
    public const long DefaultBytes = 128L << 20;

    private const int ShardCount = 16;
    private const int DigestLength = 32;

    private readonly Shard[] _shards = Shard.Make(ShardCount, maxBytes / ShardCount);
    private long _hits;
    private long _misses;

    /// <summary>How many reads were answered without the host.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>How many were not.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>How many blocks there are.</summary>
    public int Count => _shards.Sum(shard => shard.Blocks.Count);

    /// <summary>About how much memory they take.</summary>
    public long Bytes => _shards.Sum(shard => shard.Blocks.Bytes);

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

    /// <summary>Takes note that a machine had to ask its host for a block, and keeps it if it is wanted often enough.</summary>
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

    /// <summary>Keeps a block that this library made.</summary>
    public void Keep(in Cid cid, byte[] block)
    {
        Shard shard = Of(in cid);
        lock (shard.Gate)
        {
            shard.Blocks.Add(in cid, block);
        }
    }

    /// <summary>Forgets all, and who asked for it.</summary>
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

        public BlockShelf Blocks { get; } = new(maxBytes);

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
