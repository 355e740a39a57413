namespace Fvm.Wasm;

/// <summary>Large zeroed regions from the operating system. Chosen once, at the creation of an engine.</summary>
// Sound: declarations only; a caller owns a region until it frees it, and passes the region's size.
internal abstract unsafe class PageMemory
{
    /// <summary>Whether untouched pages are free, so that a region may be far larger than its used part.</summary>
    public abstract bool IsLazy { get; }

    /// <summary>Creates the best implementation for this operating system.</summary>
    public static PageMemory Create() => OperatingSystem.IsLinux() ? new LinuxPageMemory() : new PortablePageMemory();

    /// <summary>Allocates a zeroed region.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public abstract byte* Allocate(nuint size);

    /// <summary>
    /// Allocates a zeroed region for a user that fills it whole: in huge pages where the system has them, which take a page fault for 2 MiB
    /// instead of 4 KiB.
    /// </summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public abstract byte* AllocateHuge(nuint size);

    /// <summary>
    /// Enlarges a region, and moves it with its content if there is no room in place: written pages are remapped, not copied, where the
    /// system supports it. The added part is zero.
    /// </summary>
    /// <returns>The region's new address.</returns>
    /// <exception cref="OutOfMemoryException">The system has no memory. The region is unchanged.</exception>
    public abstract byte* Enlarge(byte* region, nuint size, nuint larger);

    /// <summary>Frees a region.</summary>
    public abstract void Free(byte* region, nuint size);

    /// <summary>Zeroes the first bytes of a region, in the fastest way.</summary>
    public abstract void Clear(byte* region, nuint size);

    /// <summary>Zeroes the first bytes of a region, and returns their pages to the system where it supports that.</summary>
    public abstract void Discard(byte* region, nuint size);
}
