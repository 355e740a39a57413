namespace Fvm.MachineCode;

/// <summary>
/// Memory for machine code that is made at run time: a stretch of data that code reads by distance, then the code itself. The code's pages are seen
/// twice: at one address to be run and read, at another to be written, so that none is ever writable and executable.
/// Reserved pages that nothing was written to take no memory.
/// </summary>
// Sound: these pointers are to mappings of the stated sizes that live until Dispose; each use of them has its own reason.
internal abstract unsafe class CodeMemory : IDisposable
{
    /// <summary>Whether this system can run code that it wrote itself.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && LinuxCodeMemory.IsAvailable;

    /// <summary>Writable data; <see cref="Code"/> follows its last byte.</summary>
    public byte* Data { get; protected init; }

    /// <summary>The code where it runs.</summary>
    public byte* Code { get; protected init; }

    /// <summary>The code where it is written; null once it is sealed.</summary>
    public byte* Writable { get; protected set; }

    /// <summary>Bytes of code that fit.</summary>
    public long Capacity { get; protected init; }

    /// <summary>Reserves memory.</summary>
    /// <param name="dataSize">Bytes of data, a multiple of the page size.</param>
    /// <param name="capacity">Bytes of code.</param>
    /// <exception cref="PlatformNotSupportedException">This system has no such memory.</exception>
    /// <exception cref="OutOfMemoryException">The system refuses it.</exception>
    public static CodeMemory Reserve(int dataSize, long capacity) => OperatingSystem.IsLinux()
        ? new LinuxCodeMemory(dataSize, capacity)
        : throw new PlatformNotSupportedException("machine code cannot be made on this system");

    /// <summary>Gives up writing: code and data stay as they are from now on.</summary>
    public abstract void Seal();

    public abstract void Dispose();
}
