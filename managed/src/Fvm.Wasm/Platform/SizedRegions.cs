namespace Fvm.Wasm;

/// <summary>
/// Zeroed regions for linear memories, in sizes of powers of two: a growing memory moves rarely and takes at most about twice the address
/// space that it needs, so thousands of instances in nested calls fit into the process's address space. Regions are readable and writable
/// as a whole, so that the system keeps adjacent ones as one mapping. Thread-safe.
/// </summary>
internal sealed class SizedRegions
{
    private const int SmallestBits = 20;

    // Maximum number of idle regions per size: the smaller sizes cost only address space, the larger ones are few.
    private const int IdleSmall = 1024;
    private const int IdleLarge = 16;
    private const ulong Large = 8 << 20;

    // Minimum space for growth in place: this size in bytes, or this fraction of the length.
    private const ulong MinimumGrowth = 256 << 10;
    private const int GrowthFraction = 4;

    private readonly PageMemory _pages;
    private readonly ulong _largest;
    private readonly RegionPool[] _pools;

    /// <param name="pages">The source of regions.</param>
    /// <param name="largest">The largest size in bytes, a power of two.</param>
    public SizedRegions(PageMemory pages, ulong largest)
    {
        _pages = pages;
        _largest = largest;
        _pools = new RegionPool[PlaceOf(largest) + 1];
        for (int i = 0; i < _pools.Length; i++)
        {
            ulong size = 1ul << (SmallestBits + i);
            _pools[i] = new RegionPool(pages, (nuint)size, size < Large ? IdleSmall : IdleLarge);
        }
    }

    /// <summary>Takes a region for a memory.</summary>
    /// <param name="length">Bytes of the memory, at most the largest size.</param>
    /// <param name="capacity">Bytes of the region.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    // Sound: the region has its pool's size, which is at least `length` and is returned as the capacity.
    public unsafe byte* Rent(ulong length, out ulong capacity)
    {
        RegionPool pool = _pools[PlaceOf(WithGrowth(length))];
        capacity = pool.RegionSize;
        try
        {
            return pool.Rent();
        }
        catch (OutOfMemoryException)
        {
            // Idle regions of other sizes may hold the missing memory.
            Trim();
            return pool.Rent();
        }
    }

    /// <summary>Moves a memory to a larger region.</summary>
    /// <param name="region">The present region.</param>
    /// <param name="capacity">Bytes of the present region; set to those of the new one.</param>
    /// <param name="length">New length of the memory in bytes.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory. The memory is unchanged.</exception>
    // Sound: the region was rented with this capacity, and the caller replaces its address by the returned one.
    public unsafe byte* Move(byte* region, ref ulong capacity, ulong length)
    {
        ulong larger = _pools[PlaceOf(WithGrowth(length))].RegionSize;
        byte* moved;
        try
        {
            moved = _pages.Enlarge(region, (nuint)capacity, (nuint)larger);
        }
        catch (OutOfMemoryException)
        {
            Trim();
            moved = _pages.Enlarge(region, (nuint)capacity, (nuint)larger);
        }

        capacity = larger;
        return moved;
    }

    /// <summary>Returns a region of which at most the first <paramref name="used"/> bytes were written.</summary>
    // Sound: the capacity with which the region was rented determines its pool.
    public unsafe void Return(byte* region, ulong capacity, ulong used) => _pools[PlaceOf(capacity)].Return(region, (nuint)used);

    /// <summary>Returns idle regions to the system; the pools stay usable.</summary>
    public void Trim()
    {
        foreach (RegionPool pool in _pools)
        {
            pool.Trim();
        }
    }

    private static int PlaceOf(ulong size) => Math.Max(0, System.Numerics.BitOperations.Log2(size - 1) + 1 - SmallestBits);

    private ulong WithGrowth(ulong length) => Math.Min(_largest, length + Math.Max(MinimumGrowth, length / GrowthFraction));
}
