using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>
/// A bounded set of blocks that forgets what was not used lately: two generations, of which the older is dropped when the younger holds
/// half of the bytes. Not thread-safe.
/// </summary>
/// <param name="maxBytes">How much memory it may take.</param>
internal sealed class BlockShelf(long maxBytes)
{
    // What an entry costs beside its bytes: the CID, the array's header, its place in the dictionary.
    private const int EntryOverhead = 128;

    private Dictionary<Cid, byte[]> _young = [];
    private Dictionary<Cid, byte[]> _old = [];
    private long _youngBytes;
    private long _oldBytes;

    /// <summary>How many blocks there are.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>About how much memory they take.</summary>
    public long Bytes => _youngBytes + _oldBytes;

    public bool TryGet(in Cid cid, [NotNullWhen(true)] out byte[]? block)
    {
        if (_young.TryGetValue(cid, out block))
        {
            return true;
        }

        if (!_old.Remove(cid, out block))
        {
            return false;
        }

        _oldBytes -= Cost(block);
        Add(in cid, block);
        return true;
    }

    /// <summary>Adds a block, unless it is too large to be worth it.</summary>
    public void Add(in Cid cid, byte[] block)
    {
        long cost = Cost(block);
        if (cost > maxBytes / 8)
        {
            return;
        }

        if (_youngBytes + cost > maxBytes / 2)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
            _oldBytes = _youngBytes;
            _youngBytes = 0;
        }

        _youngBytes += _young.TryAdd(cid, block) ? cost : 0;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _young = [];
        _old = [];
        _youngBytes = _oldBytes = 0;
    }

    private static long Cost(byte[] block) => block.Length + EntryOverhead;
}
