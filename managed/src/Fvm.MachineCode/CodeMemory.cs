namespace Fvm.MachineCode;

/// <summary>
/// Memory for machine code generated at run time: a data area that code addresses relatively, followed by the code. Code pages are mapped
/// twice, at one address readable and executable, at another writable, so that no page is ever writable and executable. Reserved pages take
/// no memory until they are written.
/// </summary>
// Sound: these pointers are to mappings of the stated sizes that live until Dispose; each use of them has its own reason.
internal abstract unsafe class CodeMemory : IDisposable
{
    /// <summary>Whether this system can execute code that the process wrote.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && LinuxCodeMemory.IsAvailable;

    /// <summary>Writable data; <see cref="Code"/> follows its last byte.</summary>
    public byte* Data { get; protected init; }

    /// <summary>The executable mapping of the code.</summary>
    public byte* Code { get; protected init; }

    /// <summary>The writable mapping of the code; null once it is sealed.</summary>
    public byte* Writable { get; protected set; }

    /// <summary>Capacity for code, in bytes.</summary>
    public long Capacity { get; protected init; }

    /// <summary>What is disposed of before the code is unmapped, such as an entry in a table of code; it must not have a finalizer.</summary>
    public IDisposable? Registration { get; set; }

    /// <param name="dataSize">Bytes of data, a multiple of the page size.</param>
    /// <param name="capacity">Bytes of code.</param>
    /// <exception cref="PlatformNotSupportedException">This system is not supported.</exception>
    /// <exception cref="OutOfMemoryException">The system refuses the memory.</exception>
    public static CodeMemory Reserve(int dataSize, long capacity) => OperatingSystem.IsLinux()
        ? new LinuxCodeMemory(dataSize, capacity)
        : throw new PlatformNotSupportedException("machine code cannot be made on this system");

    /// <summary>The size of a data area for so many bytes: how far before the code <see cref="Data"/> begins.</summary>
    public static int DataSizeOf(int length)
    {
        const int PageSize = 4096;
        return (length + PageSize - 1) & -PageSize;
    }

    /// <summary>Sealed memory with constants and code; null where the system does not allow machine code or has no memory for it.</summary>
    public static CodeMemory? TryLoad(ReadOnlySpan<byte> data, ReadOnlySpan<byte> code)
    {
        if (!IsSupported)
        {
            return null;
        }

        CodeMemory memory;
        try
        {
            memory = Reserve(DataSizeOf(data.Length), code.Length);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }

        // Sound: the memory was reserved for these lengths, and no code runs in it yet.
        data.CopyTo(new Span<byte>(memory.Data, data.Length));
        code.CopyTo(new Span<byte>(memory.Writable, code.Length));
        memory.Seal();
        return memory;
    }

    /// <summary>
    /// Removes the writable mapping's page table entries, while the code stays; the next write makes new ones. With them each page of code
    /// counts twice in the process's resident memory.
    /// </summary>
    public abstract void DropWritablePages();

    /// <summary>Removes the writable mapping: code is immutable from now on.</summary>
    public abstract void Seal();

    public abstract void Dispose();
}
