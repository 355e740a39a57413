using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>Zeroed regions of one size that are used again. For any thread.</summary>
/// <param name="pages">Where regions come from.</param>
/// <param name="regionSize">Bytes of each.</param>
/// <param name="capacity">How many may wait to be used again.</param>
internal sealed unsafe class RegionPool(PageMemory pages, nuint regionSize, int capacity) : IDisposable
{
    // Waiting regions whose pages may stay: those beyond them are address space alone.
    private const int Warm = 64;

    private readonly ConcurrentBag<nint> _free = [];
    private int _count;

    public nuint RegionSize => regionSize;

    /// <summary>A zeroed region.</summary>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public byte* Rent()
    {
        if (_free.TryTake(out nint region))
        {
            Interlocked.Decrement(ref _count);
            return (byte*)region;
        }

        return pages.Allocate(regionSize);
    }

    /// <summary>Takes a region back of which only the first bytes may have been written.</summary>
    public void Return(byte* region, nuint used)
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

    /// <summary>Gives what waits back to the system; the pool can be used on.</summary>
    public void Dispose()
    {
        while (_free.TryTake(out nint region))
        {
            Interlocked.Decrement(ref _count);
            pages.Free((byte*)region, regionSize);
        }
    }
}
