using Microsoft.Win32.SafeHandles;

namespace Fvm.Files;

/// <summary>Files that only this process's user may write, read without trust in what stands at their path.</summary>
public static class OwnFile
{
    /// <summary>
    /// Reads a whole file that is a regular one, belongs to this process's user, and that no other may write to. No link is followed, and
    /// nothing is waited for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <param name="privately">Whether others may not even read it.</param>
    /// <returns>Its bytes; null where it is not so, is not there, or cannot be read.</returns>
    public static byte[]? TryRead(string path, long maxBytes, bool privately = false)
    {
        try
        {
            using SafeFileHandle? file = Open(path);
            if (file is null)
            {
                return null;
            }

            FileStatus status = FileStatus.Of(file);
            long length = status.Kind == FileKind.Regular ? RandomAccess.GetLength(file) : -1;
            if (!status.IsOwnersAlone || (privately && IsReadByOthers(status)) || length < 0 || length > Math.Min(maxBytes, Array.MaxLength))
            {
                return null;
            }

            byte[] bytes = new byte[length];
            int have = 0;
            for (int read; have < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(have), have)) > 0;)
            {
                have += read;
            }

            return have == bytes.Length ? bytes : null;
        }
        catch (Exception e) when (FileException.IsAboutFiles(e) || e is NotSupportedException)
        {
            return null;
        }
    }

    private static SafeFileHandle? Open(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return LinuxFiles.OpenWithoutFollowing(path);
        }

        return File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: false) is null ? File.OpenHandle(path) : null;
    }

    private static bool IsReadByOthers(FileStatus status) =>
        OperatingSystem.IsLinux() && (status.Mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0;
}
