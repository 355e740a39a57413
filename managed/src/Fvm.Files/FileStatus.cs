using Microsoft.Win32.SafeHandles;

namespace Fvm.Files;

/// <summary>What a path leads to and whose it is. Elsewhere than on Linux the owner is not known, and counts as this process's user.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">The owner's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Mode">The bits of permission.</param>
public readonly record struct FileStatus(FileKind Kind, uint Owner, uint Group, UnixFileMode Mode)
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Whether it belongs to the user that this process runs as, and no other user may write to it.</summary>
    public bool IsOwnersAlone => !OperatingSystem.IsLinux() || (Owner == LinuxFiles.geteuid() && (Mode & WritableByOthers) == 0);

    /// <summary>The status of what a path leads to.</summary>
    /// <param name="path">A path.</param>
    /// <param name="followLink">Whether a link at its end is followed.</param>
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
