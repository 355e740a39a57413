namespace Fvm.Wasm;

/// <summary>The regions that an engine's instances share by turns.</summary>
internal sealed class MemoryPools : IDisposable
{
    // Idle regions only: what is in use is bounded by whoever makes instances.
    private const int IdleStacks = 64;
    private const int IdleCountedStacks = 2;

    // What large frames of all running instances may take: this at most, and this part of what the process may have.
    private const long MaxLarge = 4L << 30;
    private const int LargePart = 4;

    private readonly long _large = Math.Min(MaxLarge, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / LargePart);
    private long _taken;

    public MemoryPools(nuint stackSize, nuint countedStackSize = 0)
    {
        Pages = PageMemory.Create();
        Memories = new SizedRegions(Pages, ModuleLimits.MaxInstancePages * LinearMemory.PageSize);
        Stacks = new RegionPool(Pages, stackSize, IdleStacks);
        CountedStacks = new RegionPool(Pages, countedStackSize, IdleCountedStacks);
    }

    public PageMemory Pages { get; }

    /// <summary>Regions for linear memories; used only where pages are lazy.</summary>
    public SizedRegions Memories { get; }

    /// <summary>Regions for the operands and frames of running code. They need not be zero.</summary>
    public RegionPool Stacks { get; }

    /// <summary>Regions like <see cref="Stacks"/>, for code whose frames are counted and may be large.</summary>
    public RegionPool CountedStacks { get; }

    /// <summary>Takes memory for large frames, to be given back. They cost their caller little, and nested calls hold all of theirs.</summary>
    /// <exception cref="OutOfMemoryException">All running instances together would have more than the process can bear.</exception>
    public void TakeLarge(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) > _large)
        {
            Interlocked.Add(ref _taken, -bytes);
            throw new OutOfMemoryException($"the frames of all running actors take more than {_large >> 20} MiB");
        }
    }

    public void GiveBackLarge(long bytes) => Interlocked.Add(ref _taken, -bytes);

    public void Dispose() => Trim();

    /// <summary>Gives what waits in the pools back to the system; they can be used on.</summary>
    public void Trim()
    {
        CountedStacks.Dispose();
        Memories.Dispose();
        Stacks.Dispose();
    }
}
