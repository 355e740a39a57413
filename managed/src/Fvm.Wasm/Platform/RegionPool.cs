using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>A pool of zeroed regions of one size. Thread-safe.</summary>
/// <param name="pages">The source of regions.</param>
/// <param name="regionSize">Bytes per region.</param>
/// <param name="capacity">Maximum number of idle regions.</param>
internal sealed class RegionPool(PageMemory pages, nuint regionSize, int capacity)
{
    // Maximum number of idle regions that keep their pages; the others keep only address space.
    private const int Warm = 64;

    private readonly ConcurrentBag<nint> _free = [];
    private int _count;

    public nuint RegionSize => regionSize;

    /// <summary>Takes a zeroed region.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    // Sound: a region is either in the pool or owned by one caller, and has regionSize bytes.
    public unsafe byte* Rent()
    {
        if (_free.TryTake(out nint region))
        {
            Interlocked.Decrement(ref _count);
            return (byte*)region;
        }

        return pages.Allocate(regionSize);
    }

    /// <summary>Returns a region of which at most the first <paramref name="used"/> bytes were written.</summary>
    // Sound: the caller gives up a region from Rent, of which `used` is at most regionSize.
    public unsafe void Return(byte* region, nuint used)
    {
        int count = Interlocked.Increment(ref _count);
        if (count > capacity)
        {
            Interlocked.Decrement(ref _count);
            pages.Free(region, regionSize);
            return;
        }

        if (count > Warm)
        {
            pages.Discard(region, used);
        }
        else
        {
            pages.Clear(region, used);
        }

        try
        {
            _free.Add((nint)region);
        }
        catch (OutOfMemoryException)
        {
            Interlocked.Decrement(ref _count);
            pages.Free(region, regionSize);
        }
    }

    /// <summary>Returns idle regions to the system; the pool stays usable.</summary>
    // Sound: no caller owns an idle region.
    public unsafe void Trim()
    {
        while (_free.TryTake(out nint region))
        {
            Interlocked.Decrement(ref _count);
            pages.Free((byte*)region, regionSize);
        }
    }
}
