using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>Uploaded sets by their digests; beyond a number of bytes the least recently used are forgotten. Thread-safe.</summary>
internal sealed class BlockSets(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ByteString, LinkedListNode<(ByteString Digest, BlockSet Set)>> _byDigest = [];
    private readonly LinkedList<(ByteString Digest, BlockSet Set)> _byUse = [];
    private long _bytes;

    /// <summary>The size of all sets together.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Keeps a set.</summary>
    /// <returns>Its digest.</returns>
    public ByteString Add(BlockSet set)
    {
        ByteString digest = UnsafeByteOperations.UnsafeWrap(set.Digest());
        lock (_gate)
        {
            if (_byDigest.TryGetValue(digest, out LinkedListNode<(ByteString, BlockSet)>? known))
            {
                Use(known);
                return digest;
            }

            _byDigest.Add(digest, _byUse.AddFirst((digest, set)));
            _bytes += set.Bytes;
            while (_bytes > capacity && _byUse.Count > 1)
            {
                LinkedListNode<(ByteString Digest, BlockSet Set)> last = _byUse.Last!;
                _byUse.RemoveLast();
                _byDigest.Remove(last.Value.Digest);
                _bytes -= last.Value.Set.Bytes;
            }
        }

        return digest;
    }

    /// <summary>The set with a digest; null if it was never uploaded, or is forgotten.</summary>
    public BlockSet? Find(ByteString digest)
    {
        lock (_gate)
        {
            if (!_byDigest.TryGetValue(digest, out LinkedListNode<(ByteString Digest, BlockSet Set)>? known))
            {
                return null;
            }

            Use(known);
            return known.Value.Set;
        }
    }

    private void Use(LinkedListNode<(ByteString Digest, BlockSet Set)> node)
    {
        _byUse.Remove(node);
        _byUse.AddFirst(node);
    }
}
