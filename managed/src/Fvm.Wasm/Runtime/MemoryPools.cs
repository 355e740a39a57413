using Fvm.Wasm.Platform;

namespace Fvm.Wasm.Runtime;

/// <summary>The regions that an engine's instances share by turns.</summary>
internal sealed class MemoryPools : IDisposable
{
    // Idle regions only: what is in use is bounded by whoever makes instances.
    private const int IdleStacks = 64;

    public MemoryPools(nuint stackSize)
    {
        Pages = PageMemory.Create();
        Memories = new SizedRegions(Pages, LinearMemory.MaxPages * LinearMemory.PageSize);
        Stacks = new RegionPool(Pages, stackSize, IdleStacks);
    }

    public PageMemory Pages { get; }

    /// <summary>Regions for linear memories; used only where pages are lazy.</summary>
    public SizedRegions Memories { get; }

    /// <summary>Regions for the operands and frames of running code. They need not be zero.</summary>
    public RegionPool Stacks { get; }

    public void Dispose()
    {
        Memories.Dispose();
        Stacks.Dispose();
    }
}
