using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>
/// A bounded block cache with approximate LRU eviction: two generations, of which the older is dropped once the younger holds half of the
/// capacity. Not thread-safe.
/// </summary>
/// <param name="maxBytes">Capacity, in bytes of memory.</param>
internal sealed class BlockShelf(long maxBytes)
{
    // Overhead per entry in bytes, beyond the block's: the CID, the array header, the dictionary slot.
    private const int EntryOverhead = 128;

    private Dictionary<Cid, byte[]> _young = [];
    private Dictionary<Cid, byte[]> _old = [];
    private long _youngBytes;
    private long _oldBytes;

    /// <summary>The number of blocks.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>Their approximate memory use, in bytes.</summary>
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

    /// <summary>Adds a block, unless it is too large for the cache.</summary>
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

    /// <summary>Removes all blocks.</summary>
    public void Clear()
    {
        _young = [];
        _old = [];
        _youngBytes = _oldBytes = 0;
    }

    private static long Cost(byte[] block) => block.Length + EntryOverhead;
}
