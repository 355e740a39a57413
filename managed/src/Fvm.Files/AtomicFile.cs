using System.Globalization;

namespace Fvm.Files;

/// <summary>
/// Files that are replaced whole or not at all: the content goes to a temporary file in the same folder, to disk, and then to its name.
/// Whatever happens before, the file that was there stays, and reading from it goes on. Two who write at once do not mix: one of them is
/// last.
/// </summary>
/// <remarks>
/// A link is followed: the file that it leads to is replaced. Permissions stay those of the file that was there, and its owner and group
/// where the system lets this process give files away; further names of it (hard links) keep the old content. A pipe or device is written
/// to directly, as it holds nothing that could be lost. A process that is killed leaves its temporary file, which the next write to the
/// folder removes: temporary files are locked as long as somebody writes them.
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

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; it need not be there, its folder does.</param>
    /// <param name="write">Writes the content, once.</param>
    /// <param name="durable">
    /// Whether to wait for the disk, and to tidy up what killed processes left. Without, a power failure may leave an empty file.
    /// </param>
    /// <param name="privately">Whether a new file is its user's alone; else the process's file mode creation mask says so.</param>
    /// <exception cref="FileException">It cannot be written; what was there is unchanged. What <paramref name="write"/> throws comes as it is,
    /// unless it is about files.</exception>
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
                    throw new FileException(path, "it stands for an open file; name the file itself");
                default:
                    Replace(TargetOf(path), old, write, durable, privately);
                    break;
            }
        }
        catch (Exception exception) when (exception is not FileException && FileException.IsAboutFiles(exception))
        {
            string unchanged = old.Kind == FileKind.Regular ? "; the file that was there is unchanged" : string.Empty;
            throw new FileException(path, $"not written: {FileException.CauseOf(exception)}{unchanged}", exception);
        }
    }

    /// <summary>Writes a file that is its user's alone, unless there is anything at its path.</summary>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="FileException">It cannot be written.</exception>
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

    /// <summary>Removes the temporary files in a folder that nobody writes.</summary>
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
            // A folder that may be written but not listed.
        }
    }

    /// <summary>Whether a file's name is one that this class gives to temporary files.</summary>
    public static bool IsTemporaryName(ReadOnlySpan<char> name) =>
        name.Length == Prefix.Length + (2 * NameBytes) + Suffix.Length && name.StartsWith(Prefix, StringComparison.Ordinal) &&
        name.EndsWith(Suffix, StringComparison.Ordinal) && !name[Prefix.Length..^Suffix.Length].ContainsAnyExcept("0123456789abcdef");

    // Replacing what a shell has opened for this process would leave the shell with the old file.
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
            // The folder's permissions would do for a rename; but who may not write to a file does not expect to replace it.
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

            // Locked until it has its name.
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
            throw new FileException(target, $"written, but perhaps not to disk: {FileException.CauseOf(error)}");
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

                // A shared lock: it keeps away who tidies up, but not who reads the file as soon as it has its name.
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
                // Whoever tidies up has the lock for a moment: between a file's creation and its lock it looks left over.
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
            // Only root may give files away; for others the content is what matters.
            _ = LinuxFiles.fchown(stream.SafeFileHandle, old.Owner, old.Group);
        }

        File.SetUnixFileMode(stream.SafeFileHandle, OperatingSystem.IsLinux() ? old.Mode & Permissions : OwnerOnly);
    }

    private static void Discard(FileStream stream)
    {
        // Disposing writes what is in the buffer, which may fail again.
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
            // Somebody writes it, or it is another user's.
        }
    }
}
