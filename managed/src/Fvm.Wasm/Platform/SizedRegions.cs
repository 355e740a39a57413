namespace Fvm.Wasm;

/// <summary>
/// Zeroed regions for memories that grow, of sizes that are powers of two, so that a memory moves seldom and takes at most about twice the
/// addresses that it needs: thousands of instances that wait for one another then share the addresses of the process. Regions are readable
/// and writable as a whole, so that the system keeps many that lie side by side as one mapping. For any thread.
/// </summary>
internal sealed unsafe class SizedRegions : IDisposable
{
    private const int SmallestBits = 20;

    // Waiting regions of the smaller sizes cost address space alone; the larger ones are few.
    private const int IdleSmall = 1024;
    private const int IdleLarge = 16;
    private const ulong Large = 8 << 20;

    // Room for a memory to grow in place: at least this, or a part of its length.
    private const ulong LeastRoom = 256 << 10;
    private const int RoomPart = 4;

    private readonly PageMemory _pages;
    private readonly ulong _largest;
    private readonly RegionPool[] _pools;

    /// <param name="pages">Where regions come from.</param>
    /// <param name="largest">The largest size, a power of two.</param>
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

    /// <summary>A region for a memory.</summary>
    /// <param name="length">Bytes of the memory, at most the largest size.</param>
    /// <param name="capacity">Bytes of the region.</param>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public byte* Rent(ulong length, out ulong capacity)
    {
        RegionPool pool = _pools[PlaceOf(WithRoom(length))];
        capacity = pool.RegionSize;
        try
        {
            return pool.Rent();
        }
        catch (OutOfMemoryException)
        {
            // Regions of other sizes that wait may be what is missing.
            Trim();
            return pool.Rent();
        }
    }

    /// <summary>Moves a memory to a larger region.</summary>
    /// <param name="region">Where it is.</param>
    /// <param name="capacity">Bytes of the region; then of the new one.</param>
    /// <param name="length">Bytes that the memory is to have.</param>
    /// <exception cref="OutOfMemoryException">The system has none. All is then as it was.</exception>
    public byte* Move(byte* region, ref ulong capacity, ulong length)
    {
        ulong larger = _pools[PlaceOf(WithRoom(length))].RegionSize;
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

    /// <summary>Takes a region back of which only the first bytes may have been written.</summary>
    public void Return(byte* region, ulong capacity, ulong used) => _pools[PlaceOf(capacity)].Return(region, (nuint)used);

    public void Dispose() => Trim();

    private static int PlaceOf(ulong size) => Math.Max(0, System.Numerics.BitOperations.Log2(size - 1) + 1 - SmallestBits);

    private ulong WithRoom(ulong length) => Math.Min(_largest, length + Math.Max(LeastRoom, length / RoomPart));

    private void Trim()
    {
        foreach (RegionPool pool in _pools)
        {
            pool.Dispose();
        }
    }
}
