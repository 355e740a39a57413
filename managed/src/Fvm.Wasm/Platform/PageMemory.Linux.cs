using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Fvm.MachineCode.LinuxMappings;

namespace Fvm.Wasm;

/// <summary>Anonymous mappings: pages are allocated at the first access and returned when no longer needed.</summary>
// Sound: the system returns whole regions of the requested size, and callers pass a region from here with its size, or a smaller number of
// bytes to clear.
internal sealed unsafe class LinuxPageMemory : PageMemory
{
    // No huge pages for regions up to this size: memories of these sizes are restored page by page, which a huge page would make more
    // expensive, and every new page must cause a page fault.
    private const nuint MaxOfSmallPages = 32 << 20;

    private const nuint HugePage = 2 << 20;

    // Below this size, writing zeros is cheaper than a system call and the page faults that follow it.
    private const nuint SmallClear = 64 * 1024;

    public override bool IsLazy => true;

    public override byte* Allocate(nuint size)
    {
        nint region = Map(0, size, Read | Write, Private | Anonymous | NoReserve, -1, 0);
        if (region == Failed)
        {
            throw new OutOfMemoryException($"mmap of {size} bytes failed");
        }

        if (size <= MaxOfSmallPages)
        {
            // Fails only if the system has no huge pages.
            _ = Advise(region, size, NoHugePages);
        }

        return (byte*)region;
    }

    public override byte* AllocateHuge(nuint size)
    {
        // Only whole aligned huge pages become such: what lies before the first and after the region is given back.
        nuint mapped = size + HugePage;
        nint start = Map(0, mapped, Read | Write, Private | Anonymous | NoReserve, -1, 0);
        if (start == Failed)
        {
            throw new OutOfMemoryException($"mmap of {mapped} bytes failed");
        }

        nint region = (nint)(((nuint)start + HugePage - 1) & ~(HugePage - 1));
        Trim(start, (nuint)(region - start));
        Trim(region + (nint)size, HugePage - (nuint)(region - start));

        // Fails only if the system has no huge pages.
        _ = Advise(region, size, HugePages);
        return (byte*)region;

        static void Trim(nint at, nuint length) => _ = length == 0 ? 0 : Unmap(at, length);
    }

    public override byte* Enlarge(byte* region, nuint size, nuint larger)
    {
        nint moved = Remap((nint)region, size, larger, MayMove);
        return moved == Failed ? throw new OutOfMemoryException($"mremap to {larger} bytes failed") : (byte*)moved;
    }

    public override void Free(byte* region, nuint size) => Unmap((nint)region, size);

    public override void Clear(byte* region, nuint size)
    {
        if (size <= SmallClear)
        {
            // Sound: the region has at least this size, which is small enough for a uint.
            Unsafe.InitBlockUnaligned(region, 0, (uint)size);
        }
        else
        {
            Discard(region, size);
        }
    }

    public override void Discard(byte* region, nuint size)
    {
        if (Advise((nint)region, size, DontNeed) != 0)
        {
            NativeMemory.Clear(region, size);
        }
    }
}
