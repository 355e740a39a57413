namespace Fvm.Wasm;

/// <summary>Pools of the regions of an engine's instances.</summary>
internal sealed class MemoryPools
{
    // Idle regions only: regions in use are bounded by the creator of instances.
    private const int IdleStacks = 64;
    private const int IdleCountedStacks = 2;

    // Bound on the large frames of all running instances: this many bytes, and this fraction of the process's memory limit.
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

    /// <summary>What memories map instead of a copy of their initial content; null where they cannot.</summary>
    public SharedPages? Shared { get; init; }

    /// <summary>Regions for linear memories; used only where pages are lazy.</summary>
    public SizedRegions Memories { get; }

    /// <summary>Regions for the operands and frames of running code. They need not be zero.</summary>
    public RegionPool Stacks { get; }

    /// <summary>Regions like <see cref="Stacks"/>, for code whose frames are counted and may be large.</summary>
    public RegionPool CountedStacks { get; }

    /// <summary>Accounts for memory of large frames until its return: cheap in gas, and held by all nested calls.</summary>
    /// <exception cref="OutOfMemoryException">All running instances together would exceed the bound.</exception>
    public void TakeLarge(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) > _large)
        {
            Interlocked.Add(ref _taken, -bytes);
            throw new OutOfMemoryException($"the frames of all running actors take more than {_large >> 20} MiB");
        }
    }

    public void GiveBackLarge(long bytes) => Interlocked.Add(ref _taken, -bytes);

    /// <summary>Returns idle regions to the system; the pools stay usable.</summary>
    public void Trim()
    {
        CountedStacks.Trim();
        Memories.Trim();
        Stacks.Trim();
    }
}
