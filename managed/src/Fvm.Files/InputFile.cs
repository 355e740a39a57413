namespace Fvm.Files;

/// <summary>Input files: regular files and pipes. Every error is a <see cref="FileException"/>, which names the file.</summary>
public static class InputFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="allowPipes">Whether pipes are accepted; not for paths that the user did not choose, as reading could block forever.</param>
    /// <exception cref="FileException">The file cannot be opened, or is a folder, a device, or a socket.</exception>
    public static FileStream Open(string path, bool allowPipes = true)
    {
        FilePath.Check(path);
        string? wrong = FileStatus.Of(path).Kind switch
        {
            FileKind.Folder => "it is a folder, not a file",
            FileKind.Device => "it is a device, not a file",
            FileKind.Socket => "it is a socket, not a file",
            FileKind.Pipe when !allowPipes => "it is a pipe, not a file",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new FileException(path, wrong);
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception) || exception is ArgumentException or NotSupportedException)
        {
            throw new FileException(path, FileException.CauseOf(exception), exception);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Maximum size in bytes.</param>
    /// <param name="allowPipes">As with <see cref="Open"/>.</param>
    /// <exception cref="FileException">The file cannot be read, or is larger.</exception>
    public static byte[] ReadAllBytes(string path, int maxBytes = int.MaxValue, bool allowPipes = true)
    {
        using FileStream file = Open(path, allowPipes);
        int most = Math.Min(maxBytes, Array.MaxLength);
        try
        {
            long length = file.CanSeek ? file.Length : 0;
            if (length > most)
            {
                throw TooLong(path, most);
            }

            // Pipes and files still being written report length 0.
            byte[] bytes = length > 0 ? new byte[length] : [];
            int have = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            int next = have == bytes.Length ? file.ReadByte() : -1;
            return next < 0 ? bytes[..have] : ReadOn(file, path, bytes, (byte)next, most);
        }
        catch (Exception exception) when (exception is not FileException && FileException.IsAboutFiles(exception))
        {
            throw new FileException(path, FileException.CauseOf(exception), exception);
        }
    }

    private static byte[] ReadOn(FileStream file, string path, byte[] start, byte next, int most)
    {
        using MemoryStream all = new();
        all.Write(start);
        all.WriteByte(next);
        byte[] part = new byte[BufferSize];
        for (int read; (read = file.Read(part)) > 0;)
        {
            if (all.Length + read > most)
            {
                throw TooLong(path, most);
            }

            all.Write(part, 0, read);
        }

        return all.ToArray();
    }

    private static FileException TooLong(string path, int most) => new(path, $"it is longer than {most} bytes");
}
