using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>A map with an undo log: it can be rolled back to any earlier length of its history.</summary>
/// <remarks>Setting an equal value is not recorded as a change.</remarks>
/// <param name="capacity">The number of entries and changes that there is room for at first.</param>
internal sealed class HistoryMap<TKey, TValue>(int capacity = 0)
    where TKey : struct, IEquatable<TKey>
    where TValue : IEquatable<TValue>
{
    private readonly Dictionary<TKey, TValue> _map = new(capacity);
    private readonly List<Change> _history = new(capacity);

    /// <summary>The number of changes that can be undone.</summary>
    public int HistoryLength => _history.Count;

    /// <summary>The entries, unordered.</summary>
    public Dictionary<TKey, TValue> Entries => _map;

    public bool TryGet(in TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value) =>
        _map.TryGetValue(key, out value);

    public bool Has(in TKey key) => _map.ContainsKey(key);

    public void Put(in TKey key, TValue value)
    {
        // Sound: nothing is added to the map while the reference is used.
        ref TValue? slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_map, key, out bool exists);
        if (!exists || !slot!.Equals(value))
        {
            _history.Add(new Change(key, exists, slot));
            slot = value;
        }
    }

    /// <summary>Adds an entry for good: one that was read, which is no change.</summary>
    /// <exception cref="ArgumentException">There is one for the key.</exception>
    public void Add(in TKey key, TValue value) => _map.Add(key, value);

    /// <summary>Undoes the latest changes until <paramref name="length"/> remain.</summary>
    public void Rollback(int length)
    {
        for (int i = _history.Count - 1; i >= length; i--)
        {
            Change change = _history[i];
            if (change.Existed)
            {
                _map[change.Key] = change.Value!;
            }
            else
            {
                _map.Remove(change.Key);
            }
        }

        if (length < _history.Count)
        {
            // Sound: the list only becomes shorter, so no element is uninitialized.
            CollectionsMarshal.SetCount(_history, length);
        }
    }

    /// <summary>Clears the undo log; the current entries become permanent.</summary>
    public void DiscardHistory() => _history.Clear();

    private readonly record struct Change(TKey Key, bool Existed, TValue? Value);
}
