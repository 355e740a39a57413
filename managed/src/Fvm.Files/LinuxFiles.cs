using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Files;

/// <summary>Linux file system calls that .NET does not offer.</summary>
internal static partial class LinuxFiles
{
    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int BadDescriptor = 9;
    public const int TryAgain = 11;
    public const int PermissionDenied = 13;
    public const int NotAFolder = 20;
    public const int InvalidArgument = 22;
    public const int NotSupported = 95;

    private const string Library = "libc";
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;
    private const int PathOnly = 0x20_0000;
    private const int FileSizeSignal = 25;
    private const short ReadyToWrite = 4;

    // statx: its structure is the same on all architectures.
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint KindModeAndOwner = 0x1 | 0x2 | 0x8 | 0x10;
    private const int StructureSize = 256;
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int KindMask = 0xf000;
    private const int PermissionMask = 0xfff;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    private static int NoLink => IsArm ? 0x8000 : 0x2_0000;

    private static int FolderOnly => IsArm ? 0x4000 : 0x1_0000;

    public static FileStatus StatusOf(string path, bool followLink) => StatusOf(CurrentFolder, path, followLink ? 0 : DoNotFollow);

    public static FileStatus StatusOf(SafeFileHandle file)
    {
        bool counted = false;
        try
        {
            file.DangerousAddRef(ref counted);
            return StatusOf((int)file.DangerousGetHandle(), string.Empty, EmptyPath);
        }
        finally
        {
            if (counted)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Opens a file for reading, without following a link or waiting for the other end of a FIFO. Null on failure.</summary>
    public static SafeFileHandle? OpenWithoutFollowing(string path)
    {
        int file = open(path, NoLink | NonBlocking | CloseOnExec);
        return file < 0 ? null : new SafeFileHandle(file, ownsHandle: true);
    }

    /// <summary>Syncs a folder's entries to disk, so that a rename in it survives a power failure.</summary>
    /// <returns>0, or the errno.</returns>
    public static int SyncFolder(string path)
    {
        int folder = open(path, FolderOnly | CloseOnExec);
        if (folder < 0)
        {
            // The folder is writable but not readable: it cannot be synced.
            int refused = Marshal.GetLastPInvokeError();
            return refused == PermissionDenied ? 0 : refused;
        }

        int error = fsync(folder) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = close(folder);

        // Not all file systems support it.
        return error is InvalidArgument or NotSupported ? 0 : error;
    }

    /// <summary>Waits until a descriptor is writable.</summary>
    public static void WaitUntilWritable(int descriptor)
    {
        Span<PollEntry> entries = [new PollEntry { Descriptor = descriptor, Events = ReadyToWrite }];
        _ = poll(entries, 1, -1);
    }

    /// <summary>Makes a write beyond the file size limit (<c>ulimit -f</c>) an error; by default SIGXFSZ kills the process.</summary>
    public static void IgnoreFileSizeSignal() => _ = signal(FileSizeSignal, 1);

    /// <summary>Occupies the descriptors of closed standard streams with a file that can be neither read nor written.</summary>
    public static void OccupyStandardStreams()
    {
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            // open returns the lowest free descriptor, so this one. O_PATH: writes fail as if it were closed.
            if (StatusOf(descriptor, string.Empty, EmptyPath).Kind == FileKind.Unknown)
            {
                _ = open("/dev/null", PathOnly);
            }
        }
    }

    /// <summary>Whether this many more files can be open at once.</summary>
    public static bool CanOpen(int count)
    {
        Span<int> files = stackalloc int[count];
        int opened = 0;
        while (opened < count && (files[opened] = open("/dev/null", PathOnly | CloseOnExec)) >= 0)
        {
            opened++;
        }

        foreach (int file in files[..opened])
        {
            _ = close(file);
        }

        return opened == count;
    }

    [LibraryImport(Library)]
    public static partial uint geteuid();

    [LibraryImport(Library)]
    public static partial int fchown(SafeFileHandle file, uint owner, uint group);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint write(int descriptor, ReadOnlySpan<byte> bytes, nuint length);

    private static FileStatus StatusOf(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[StructureSize];
        if (statx(folder, path, flags, KindModeAndOwner, status) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return new FileStatus(error is NoSuchFile or NotAFolder ? FileKind.Missing : FileKind.Unknown, 0, 0, UnixFileMode.None);
        }

        // Sound: reads are checked against the span's length.
        ushort mode = MemoryMarshal.Read<ushort>(status[ModeOffset..]);
        return new FileStatus(
            KindOf(mode & KindMask),
            MemoryMarshal.Read<uint>(status[OwnerOffset..]),
            MemoryMarshal.Read<uint>(status[GroupOffset..]),
            (UnixFileMode)(mode & PermissionMask));
    }

    private static FileKind KindOf(int kind) => kind switch
    {
        0x1000 => FileKind.Pipe,
        0x2000 or 0x6000 => FileKind.Device,
        0x4000 => FileKind.Folder,
        0x8000 => FileKind.Regular,
        0xa000 => FileKind.Link,
        0xc000 => FileKind.Socket,
        _ => FileKind.Unknown,
    };

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(Library)]
    private static partial int close(int file);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport(Library)]
    private static partial int poll(Span<PollEntry> entries, nuint count, int timeout);

    [LibraryImport(Library)]
    private static partial nint signal(int number, nint action);

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }
}
