using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Fvm.Ipld;

namespace Fvm.Hosting;

/// <summary>
/// A bounded hash table of blocks with approximate LRU eviction: each hit moves a block to the current generation; when that has half of the
/// capacity, a new one begins, and the blocks of the last but one are evicted. Not thread-safe.
/// </summary>
/// <remarks>
/// Few of its blocks are in the processor's caches, so a look-up costs what it waits for memory: for one place in the table, which tells most
/// other blocks by their hash, and for the block's object, which has the CID. A <see cref="Dictionary{TKey, TValue}"/> has a place more.
/// </remarks>
/// <param name="maxBytes">Capacity, in bytes of memory.</param>
/// <param name="maxBlockBytes">The largest block that is kept, in bytes of memory.</param>
internal sealed class BlockTable(long maxBytes, long maxBlockBytes)
{
    private const int LeastPlaces = 16;

    // At most half of the places is used, so that a search ends soon.
    private const int PlacesPerBlock = 2;
    private const int BytesPerBlock = 3 * 16;

    private Place[] _places = new Place[LeastPlaces];
    private int _generation;
    private long _youngBytes;
    private long _oldBytes;

    /// <summary>The number of blocks.</summary>
    public int Count { get; private set; }

    /// <summary>Their memory use, in bytes.</summary>
    public long Bytes => _youngBytes + _oldBytes;

    /// <summary>The block of a CID.</summary>
    /// <param name="cid">The CID.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="block">The block.</param>
    public bool TryGet(in Cid cid, int hash, [NotNullWhen(true)] out CachedBlock? block)
    {
        ref Place place = ref PlaceOf(in cid, hash);
        block = place.Block;
        if (block is null) return false;

        if (place.Generation != _generation)
        {
            _oldBytes -= BytesOf(block);
            MakeYoung(ref place, block, hash);
        }

        return true;
    }

    /// <summary>Asks the memory for the place where the search for a CID begins. Harmless beside a writer.</summary>
    /// <param name="hash">The hash of the CID.</param>
    public void PrefetchPlace(int hash)
    {
        Place[] places = _places;
        BlockPrefetch.BeginPlace(in places[hash & (places.Length - 1)]);
    }

    /// <summary>
    /// The block of a CID with this hash, if it is where the search for it begins, and most likely of this CID; it does not count as used. Harmless
    /// beside a writer.
    /// </summary>
    /// <param name="hash">The hash of the CID.</param>
    public CachedBlock? Glance(int hash)
    {
        Place[] places = _places;
        ref readonly Place place = ref places[hash & (places.Length - 1)];
        return place.Hash == hash ? place.Block : null;
    }

    /// <summary>Adds a block, unless it is too large or there is one already.</summary>
    /// <param name="block">The block.</param>
    /// <param name="hash">The hash of its CID.</param>
    public void Add(CachedBlock block, int hash)
    {
        if (BytesOf(block) > maxBlockBytes) return;

        if ((Count + 1) * PlacesPerBlock > _places.Length)
        {
            Rebuild(without: _generation - 2);
        }

        ref Place place = ref PlaceOf(in block.Cid, hash);
        if (place.Block is null)
        {
            Count++;
            MakeYoung(ref place, block, hash);
        }
    }

    /// <summary>Replaces a block by an object with the same bytes. Without effect if that is too large, or these bytes are not there.</summary>
    /// <param name="block">The block.</param>
    /// <param name="hash">The hash of its CID.</param>
    public void Replace(CachedBlock block, int hash)
    {
        ref Place place = ref PlaceOf(in block.Cid, hash);
        if (place.Block is CachedBlock before && ReferenceEquals(before.Bytes, block.Bytes) && BytesOf(block) <= maxBlockBytes)
        {
            (place.Generation == _generation ? ref _youngBytes : ref _oldBytes) -= BytesOf(before);
            MakeYoung(ref place, block, hash);
        }
    }

    /// <summary>Removes all blocks.</summary>
    public void Clear()
    {
        _places = new Place[LeastPlaces];
        Count = 0;
        _youngBytes = _oldBytes = 0;
    }

    private static long BytesOf(CachedBlock block) => block.Cost + BytesPerBlock;

    // The place of a block, or the free one where it belongs.
    private ref Place PlaceOf(in Cid cid, int hash)
    {
        Place[] places = _places;
        int at = hash & (places.Length - 1);
        while (places[at].Block is CachedBlock block && (places[at].Hash != hash || block.Cid != cid))
        {
            at = (at + 1) & (places.Length - 1);
        }

        return ref places[at];
    }

    // Of a block that counts in no generation so far.
    private void MakeYoung(ref Place place, CachedBlock block, int hash)
    {
        long bytes = BytesOf(block);
        bool isFull = _youngBytes + bytes > maxBytes / 2;
        place = new Place(hash, isFull ? _generation + 1 : _generation, block);
        if (isFull)
        {
            Rebuild(without: _generation - 1);
            _generation++;
            _oldBytes = _youngBytes;
            _youngBytes = 0;
        }

        _youngBytes += bytes;
    }

    // A table with free places, without the blocks of a generation.
    private void Rebuild(int without)
    {
        Place[] before = _places;
        int kept = 0;
        foreach (ref Place place in before.AsSpan())
        {
            kept += place.Block is not null && place.Generation != without ? 1 : 0;
        }

        Count = kept;
        _places = new Place[BitOperations.RoundUpToPowerOf2((uint)Math.Max(LeastPlaces, (kept + 1) * PlacesPerBlock))];
        foreach (ref Place place in before.AsSpan())
        {
            if (place.Block is CachedBlock block && place.Generation != without)
            {
                PlaceOf(in block.Cid, place.Hash) = place;
            }
        }
    }

    private record struct Place(int Hash, int Generation, CachedBlock? Block);
}
