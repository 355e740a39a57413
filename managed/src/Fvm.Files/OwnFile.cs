using Microsoft.Win32.SafeHandles;

namespace Fvm.Files;

/// <summary>Reads files that only this process's user may write, without trusting what is at their path.</summary>
public static class OwnFile
{
    /// <summary>
    /// Reads a whole regular file that this process's user owns and no other user may write. Follows no link and never blocks.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Maximum size in bytes.</param>
    /// <param name="privately">Whether the file must not be readable by others either.</param>
    /// <returns>Its bytes; null if it does not exist, does not qualify, or cannot be read.</returns>
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

            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
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
