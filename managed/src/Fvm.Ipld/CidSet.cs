namespace Fvm.Ipld;

/// <summary>
/// A set of CIDs that is cheap to clear and to fill again. A CID of version 1 with a whole BLAKE2b-256 digest, as nearly all have, is stored
/// as digest and codec, in arrays without references; others are in a hash set.
/// </summary>
public sealed class CidSet
{
    private const int FirstSlots = 64;

    // Above this, clearing the slots would take longer than allocating new ones as they are needed.
    private const int MaxKeptSlots = 4096;

    // Open addressing with linear probing, at most half full: 1 plus the index of an entry, or 0. The length is a power of two.
    private int[] _slots = [];
    private Entry[] _entries = [];
    private int _count;
    private HashSet<Cid>? _others;

    /// <summary>The number of CIDs.</summary>
    public int Count => _count + (_others?.Count ?? 0);

    /// <summary>Whether the set has a CID.</summary>
    public bool Contains(in Cid cid)
    {
        if (!cid.IsUsual)
        {
            return _others is not null && _others.Contains(cid);
        }

        return _count > 0 && _slots[SlotOf(in cid, cid.GetHashCode())] != 0;
    }

    /// <summary>Adds a CID.</summary>
    /// <returns>Whether it was new.</returns>
    public bool Add(in Cid cid)
    {
        if (!cid.IsUsual)
        {
            return (_others ??= []).Add(cid);
        }

        if (2 * _count >= _slots.Length)
        {
            Grow();
        }

        int hash = cid.GetHashCode();
        int slot = SlotOf(in cid, hash);
        if (_slots[slot] != 0)
        {
            return false;
        }

        _entries[_count] = new Entry(cid.ShortForm, (uint)cid.Codec, hash);
        _count++;
        _slots[slot] = _count;
        return true;
    }

    /// <summary>Removes all CIDs; keeps the room for them, unless it is large.</summary>
    public void Clear()
    {
        if (_slots.Length > MaxKeptSlots)
        {
            _slots = [];
            _entries = [];
        }
        else if (_count > 0)
        {
            _slots.AsSpan().Clear();
        }

        _count = 0;
        _others = null;
    }

    /// <summary>The slot of a CID, or the empty slot where it would be added.</summary>
    private int SlotOf(in Cid cid, int hash)
    {
        int[] slots = _slots;
        int mask = slots.Length - 1;
        int slot = hash & mask;
        while (true)
        {
            int index = slots[slot] - 1;
            if (index < 0)
            {
                return slot;
            }

            ref readonly Entry entry = ref _entries[index];
            if (entry.Hash == hash && entry.Codec == cid.Codec && entry.Digest.Equals(cid.ShortForm))
            {
                return slot;
            }

            slot = (slot + 1) & mask;
        }
    }

    private void Grow()
    {
        int length = Math.Max(FirstSlots, 2 * _slots.Length);
        int[] slots = new int[length];
        Array.Resize(ref _entries, length / 2);
        int mask = length - 1;
        for (int index = 0; index < _count; index++)
        {
            int slot = _entries[index].Hash & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = index + 1;
        }

        _slots = slots;
    }

    /// <param name="Digest">The digest.</param>
    /// <param name="Codec">The codec.</param>
    /// <param name="Hash">The CID's hash code.</param>
    private readonly record struct Entry(ShortDigest Digest, uint Codec, int Hash);
}
