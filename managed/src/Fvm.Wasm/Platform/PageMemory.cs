namespace Fvm.Wasm;

/// <summary>Large zeroed regions of memory from the operating system. Chosen once, when an engine is made.</summary>
internal abstract unsafe class PageMemory
{
    /// <summary>Whether pages that nobody touched cost nothing, so that a region may be far larger than what is used of it.</summary>
    public abstract bool IsLazy { get; }

    /// <summary>The best one for this operating system.</summary>
    public static PageMemory Create() => OperatingSystem.IsLinux() ? new LinuxPageMemory() : new PortablePageMemory();

    /// <summary>A zeroed region.</summary>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public abstract byte* Allocate(nuint size);

    /// <summary>
    /// Makes a region larger, and moves it with its content where it has no room: pages that were written are moved, not copied, where the
    /// system can do that. What is new is zero.
    /// </summary>
    /// <returns>Where it is now.</returns>
    /// <exception cref="OutOfMemoryException">The system has none. The region is then as it was.</exception>
    public abstract byte* Enlarge(byte* region, nuint size, nuint larger);

    /// <summary>Gives a region back.</summary>
    public abstract void Free(byte* region, nuint size);

    /// <summary>Makes the first bytes of a region zero again, in the fastest way.</summary>
    public abstract void Clear(byte* region, nuint size);

    /// <summary>Makes the first bytes of a region zero again, and gives their pages back where the system can take them.</summary>
    public abstract void Discard(byte* region, nuint size);
}
