namespace Fvm.Ipld;

/// <summary>
/// A hash table of blocks by CID that remembers the order in which the CIDs were added. Not thread-safe; blocks are never removed.
/// </summary>
/// <remarks>
/// Few places of a large table are in the processor's caches, so a look-up costs what it waits for memory. A place has all of an entry: a
/// <see cref="Dictionary{TKey, TValue}"/> waits for a bucket, and then for the entry that it names.
/// </remarks>
internal sealed class OrderedBlocks
{
    private const int FirstPlaces = 8;

    // Open addressing with linear probing, at most three quarters full. The length is a power of two, or 0.
    private Place[] _places = [];

    /// <summary>The number of blocks.</summary>
    public int Count { get; private set; }

    /// <summary>The block of a CID; null if there is none.</summary>
    public byte[]? Find(in Cid cid) => Count == 0 ? null : PlaceOf(_places, in cid, cid.GetHashCode()).Block;

    /// <summary>Asks the memory for the place where the search for a CID begins. Harmless beside a writer.</summary>
    public void PrefetchPlace(in Cid cid)
    {
        Place[] places = _places;
        if (places.Length > 0)
        {
            BlockPrefetch.BeginPlace(in places[cid.GetHashCode() & (places.Length - 1)]);
        }
    }

    /// <summary>The block where the search for a CID begins, if it has its hash. Harmless beside a writer.</summary>
    public byte[]? Glance(in Cid cid)
    {
        Place[] places = _places;
        int hash = cid.GetHashCode();
        if (places.Length == 0)
        {
            return null;
        }

        ref readonly Place place = ref places[hash & (places.Length - 1)];
        return place.Hash == hash ? place.Block : null;
    }

    /// <summary>Adds a block, or replaces the one of its CID, which keeps its place in the order.</summary>
    public void Set(in Cid cid, byte[] block)
    {
        int hash = cid.GetHashCode();
        if (Count >= _places.Length / 4 * 3)
        {
            Grow();
        }

        ref Place place = ref PlaceOf(_places, in cid, hash);
        if (place.Block is null)
        {
            place.Cid = cid;
            place.Hash = hash;
            place.Order = Count++;
        }

        place.Block = block;
    }

    /// <summary>All blocks as a new array, in the order in which their CIDs were added.</summary>
    public KeyValuePair<Cid, byte[]>[] ToArray()
    {
        KeyValuePair<Cid, byte[]>[] blocks = new KeyValuePair<Cid, byte[]>[Count];
        foreach (ref readonly Place place in _places.AsSpan())
        {
            if (place.Block is not null)
            {
                blocks[place.Order] = KeyValuePair.Create(place.Cid, place.Block);
            }
        }

        return blocks;
    }

    // The place of a CID, or the free one where it belongs.
    private static ref Place PlaceOf(Place[] places, in Cid cid, int hash)
    {
        int at = hash & (places.Length - 1);
        while (places[at].Block is not null && (places[at].Hash != hash || places[at].Cid != cid))
        {
            at = (at + 1) & (places.Length - 1);
        }

        return ref places[at];
    }

    private void Grow()
    {
        Place[] places = new Place[Math.Max(FirstPlaces, 2 * _places.Length)];
        foreach (ref readonly Place place in _places.AsSpan())
        {
            if (place.Block is not null)
            {
                PlaceOf(places, in place.Cid, place.Hash) = place;
            }
        }

        _places = places;
    }

    // 64 bytes. Free if there is no block.
    private struct Place
    {
        public Cid Cid;
        public byte[]? Block;
        public int Hash;
        public int Order;
    }
}
