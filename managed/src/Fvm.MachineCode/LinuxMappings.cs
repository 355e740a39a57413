using System.Runtime.InteropServices;

namespace Fvm.MachineCode;

/// <summary>
/// The C library's functions on memory mappings, with the constants of 64-bit Linux. Addresses are numbers here: who reads or writes there says
/// why it may.
/// </summary>
internal static partial class LinuxMappings
{
    /// <summary>What <see cref="Map"/> and <see cref="Remap"/> return on failure.</summary>
    public const nint Failed = -1;

    private const uint CloseOnExec = 1;

    // Protection.
    public const int None = 0;
    public const int Read = 1;
    public const int Write = 2;
    public const int Execute = 4;

    // Kinds of mappings.
    public const int Shared = 1;
    public const int Private = 2;
    public const int Fixed = 0x10;
    public const int Anonymous = 0x20;
    public const int NoReserve = 0x4000;

    /// <summary>For <see cref="Remap"/>: the mapping may be moved.</summary>
    public const int MayMove = 1;

    // Advice.
    public const int DontNeed = 4;
    public const int HugePages = 14;
    public const int NoHugePages = 15;

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mremap")]
    public static partial nint Remap(nint address, nuint length, nuint newLength, int flags);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(nint address, nuint length, int advice);

    /// <summary>Creates an anonymous file that programs started by this process do not inherit; negative on failure.</summary>
    public static int CreateFile(string name) => CreateFile(name, CloseOnExec);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    public static partial int Resize(int file, long length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateFile(string name, uint flags);
}
