using System.Diagnostics.CodeAnalysis;

namespace Fvm.Ipld;

/// <summary>
/// A bounded cache by CID with approximate LRU eviction, at the cost of a dictionary. Entries enter the young generation; when it holds half of
/// the capacity, it becomes the old one, and the previous old one is evicted. A hit in the old generation moves the entry to the young one. Not
/// thread-safe.
/// </summary>
/// <typeparam name="T">The type of the entries.</typeparam>
/// <param name="maxBytes">Capacity, in bytes of memory.</param>
/// <param name="maxEntryBytes">The largest entry that is kept, in bytes of memory.</param>
/// <param name="cost">The memory use of an entry in bytes; always the same for the same entry.</param>
public sealed class TwoGenerations<T>(long maxBytes, long maxEntryBytes, Func<T, long> cost)
    where T : class
{
    private Dictionary<Cid, T> _young = [];
    private Dictionary<Cid, T> _old = [];
    private long _youngBytes;
    private long _oldBytes;

    /// <summary>The number of entries.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>Their memory use, in bytes.</summary>
    public long Bytes => _youngBytes + _oldBytes;

    /// <summary>Whether there is an entry; does not count as a use.</summary>
    public bool Contains(in Cid cid) => _young.ContainsKey(cid) || _old.ContainsKey(cid);

    /// <summary>The entry of a CID.</summary>
    public bool TryGet(in Cid cid, [NotNullWhen(true)] out T? entry)
    {
        if (_young.TryGetValue(cid, out entry)) return true;

        if (_old.Count == 0 || !_old.Remove(cid, out entry)) return false;

        _oldBytes -= cost(entry);
        Add(in cid, entry);
        return true;
    }

    /// <summary>Adds an entry, unless it is too large or there is one already.</summary>
    public void Add(in Cid cid, T entry)
    {
        long bytes = cost(entry);
        if (bytes > maxEntryBytes) return;

        if (_youngBytes + bytes > maxBytes / 2)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
            _oldBytes = _youngBytes;
            _youngBytes = 0;
        }

        _youngBytes += _young.TryAdd(cid, entry) ? bytes : 0;
    }

    /// <summary>Removes all entries.</summary>
    public void Clear()
    {
        _young = [];
        _old = [];
        _youngBytes = _oldBytes = 0;
    }
}
