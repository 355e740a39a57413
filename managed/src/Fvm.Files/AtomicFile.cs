using System.Globalization;

namespace Fvm.Files;

/// <summary>
/// Atomic file replacement: the content is written to a temporary file in the same folder, synced to disk, then renamed. On any earlier
/// failure the old file stays intact and readable. Concurrent writers never mix their content; the last rename wins.
/// </summary>
/// <remarks>
/// Symbolic links are followed: their target is replaced. The old file's permissions are kept, and its owner and group where the system
/// permits; other hard links keep the old content. Pipes and devices are written to directly, as they hold nothing to lose. The temporary
/// file of a killed process is removed by the next write to the folder: a writer locks its temporary file.
/// </remarks>
public static class AtomicFile
{
    private const int BufferSize = 64 * 1024;
    private const int NameBytes = 16;
    private const int Attempts = 16;
    private const string Prefix = ".fvm-";
    private const string Suffix = ".tmp";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Permissions = (UnixFileMode)0x1ff;

    /// <summary>Writes a file atomically.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content; called once.</param>
    /// <param name="durable">
    /// Whether to wait for the disk and to remove leftover temporary files. Without it, a power failure may leave an empty file.
    /// </param>
    /// <param name="privately">Whether a new file is accessible to its owner only; otherwise the process's umask decides.</param>
    /// <exception cref="FileException">The file cannot be written; the old one is unchanged. Exceptions of <paramref name="write"/> are passed on,
    /// unless they are about files.</exception>
    public static void Write(string path, Action<Stream> write, bool durable = true, bool privately = false)
    {
        FilePath.Check(path);
        FileStatus old = FileStatus.Of(path);
        try
        {
            switch (old.Kind)
            {
                case FileKind.Folder:
                    throw new FileException(path, "it is a folder, not a file");
                case FileKind.Socket:
                    throw new FileException(path, "it is a socket, not a file");
                case FileKind.Device or FileKind.Pipe:
                    WriteDirectly(path, write);
                    break;
                case FileKind.Regular when IsOpenStream(path):
                    throw new FileException(path, "it refers to an open file; give that file's own path");
                default:
                    Replace(TargetOf(path), old, write, durable, privately);
                    break;
            }
        }
        catch (Exception exception) when (exception is not FileException && FileException.IsAboutFiles(exception))
        {
            string unchanged = old.Kind == FileKind.Regular ? "; the existing file is unchanged" : string.Empty;
            throw new FileException(path, $"not written: {FileException.CauseOf(exception)}{unchanged}", exception);
        }
    }

    /// <summary>Writes a file accessible to its owner only, unless its path exists.</summary>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        FilePath.Check(path);
        FileStream? stream = null;
        try
        {
            string folder = FolderOf(Path.GetFullPath(path));
            RemoveLeftovers(folder);
            stream = Create(folder, privately: true);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
            File.Move(stream.Name, path, overwrite: false);
            stream.Dispose();
            return true;
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            if (stream is not null)
            {
                Discard(stream);
            }

            return FileStatus.Of(path, followLink: false).Kind == FileKind.Missing
                ? throw new FileException(path, $"not written: {FileException.CauseOf(exception)}", exception)
                : false;
        }
    }

    /// <summary>Removes the temporary files in a folder that no process is writing.</summary>
    public static void RemoveLeftovers(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}"))
            {
                if (IsTemporaryName(Path.GetFileName(path.AsSpan())) && FileStatus.Of(path, followLink: false).Kind == FileKind.Regular)
                {
                    RemoveUnlocked(path);
                }
            }
        }
        catch (Exception e) when (FileException.IsAboutFiles(e))
        {
            // The folder is writable but not listable.
        }
    }

    /// <summary>Whether a file name has the form of this class's temporary files.</summary>
    public static bool IsTemporaryName(ReadOnlySpan<char> name) =>
        name.Length == Prefix.Length + (2 * NameBytes) + Suffix.Length && name.StartsWith(Prefix, StringComparison.Ordinal) &&
        name.EndsWith(Suffix, StringComparison.Ordinal) && !name[Prefix.Length..^Suffix.Length].ContainsAnyExcept("0123456789abcdef");

    // Replacing a file that a shell redirected to this process would leave the shell with the old file.
    private static bool IsOpenStream(string path) =>
        Path.GetFullPath(path) is string full &&
        (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal));

    private static string TargetOf(string path) =>
        FileStatus.Of(path, followLink: false).Kind == FileKind.Link && File.ResolveLinkTarget(path, returnFinalTarget: true) is FileSystemInfo target
            ? target.FullName
            : Path.GetFullPath(path);

    private static void WriteDirectly(string path, Action<Stream> write)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferSize);
        write(stream);
        stream.Flush();
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? throw new IOException("it is a folder, not a file");

    private static void Replace(string target, FileStatus old, Action<Stream> write, bool durable, bool privately)
    {
        if (old.Kind == FileKind.Regular)
        {
            // Write permission on the folder suffices for a rename; but a read-only file should not be replaced.
            File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }

        string folder = FolderOf(target);
        if (durable)
        {
            RemoveLeftovers(folder);
        }

        FileStream stream = Create(folder, privately || old.Kind == FileKind.Regular);
        string temporary = stream.Name;
        try
        {
            write(stream);
            stream.Flush(flushToDisk: durable);
            KeepOwner(stream, old);

            // Locked until renamed.
            File.Move(temporary, target, overwrite: true);
            stream.Dispose();
        }
        catch
        {
            Discard(stream);
            throw;
        }

        if (durable && OperatingSystem.IsLinux() && LinuxFiles.SyncFolder(folder) is int error and not 0)
        {
            throw new FileException(target, $"written, but possibly not synced to disk: {FileException.CauseOf(error)}");
        }
    }

    private static FileStream Create(string folder, bool privately)
    {
        for (int attempt = 1; ; attempt++)
        {
            string name = Guid.NewGuid().ToString("N");
            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{name}{Suffix}"));
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = BufferSize,

                // A shared lock: keeps out the cleanup, but not readers of the file right after its rename.
                Share = FileShare.Read | FileShare.Delete,
            };
            if (privately && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            FileStream? stream = null;
            try
            {
                stream = new(path, options);
            }
            catch (IOException e) when (attempt < Attempts && e.HResult == LinuxFiles.TryAgain)
            {
                // A cleanup may hold the lock briefly: between its creation and its lock a file looks left over.
            }

            if (stream is not null)
            {
                if (attempt == Attempts || File.Exists(path))
                {
                    return stream;
                }

                stream.Dispose();
            }
        }
    }

    private static void KeepOwner(FileStream stream, FileStatus old)
    {
        if (old.Kind != FileKind.Regular || OperatingSystem.IsWindows())
        {
            return;
        }

        FileStatus made = FileStatus.Of(stream.SafeFileHandle);
        if (OperatingSystem.IsLinux() && (made.Owner != old.Owner || made.Group != old.Group))
        {
            // Only root may change the owner; for other users the content matters more.
            _ = LinuxFiles.fchown(stream.SafeFileHandle, old.Owner, old.Group);
        }

        File.SetUnixFileMode(stream.SafeFileHandle, OperatingSystem.IsLinux() ? old.Mode & Permissions : OwnerOnly);
    }

    private static void Discard(FileStream stream)
    {
        // Disposing flushes the buffer, which may fail again.
        try
        {
            File.Delete(stream.Name);
        }
        catch (Exception e) when (FileException.IsAboutFiles(e))
        {
        }

        try
        {
            stream.Dispose();
        }
        catch (Exception e) when (FileException.IsAboutFiles(e))
        {
        }
    }

    private static void RemoveUnlocked(string path)
    {
        try
        {
            using FileStream left = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.Delete(path);
        }
        catch (Exception e) when (FileException.IsAboutFiles(e))
        {
            // Being written, or another user's.
        }
    }
}
