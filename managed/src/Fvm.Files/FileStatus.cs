using Microsoft.Win32.SafeHandles;

namespace Fvm.Files;

/// <summary>Kind, owner and permissions of a file. Except on Linux the owner is unknown and counts as this process's user.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Owner">User ID of the owner.</param>
/// <param name="Group">Group ID.</param>
/// <param name="Mode">Permission bits.</param>
public readonly record struct FileStatus(FileKind Kind, uint Owner, uint Group, UnixFileMode Mode)
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Whether this process's user owns it and no other user may write to it.</summary>
    public bool IsOwnersAlone => !OperatingSystem.IsLinux() || (Owner == LinuxFiles.geteuid() && (Mode & WritableByOthers) == 0);

    /// <summary>The status of the file at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLink">Whether a symbolic link as its last component is followed.</param>
    public static FileStatus Of(string path, bool followLink = true) =>
        OperatingSystem.IsLinux() ? LinuxFiles.StatusOf(path, followLink) : Portable(path);

    /// <summary>The status of an open file.</summary>
    public static FileStatus Of(SafeFileHandle file) =>
        OperatingSystem.IsLinux() ? LinuxFiles.StatusOf(file) : new FileStatus(FileKind.Regular, 0, 0, UnixFileMode.None);

    private static FileStatus Portable(string path)
    {
        FileKind kind = File.Exists(path) ? FileKind.Regular : Directory.Exists(path) ? FileKind.Folder : FileKind.Missing;
        return new FileStatus(kind, 0, 0, UnixFileMode.None);
    }
}
