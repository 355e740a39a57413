using System.Runtime.InteropServices;

namespace Fvm.Files;

/// <summary>
/// Standard output or standard error, unbuffered. Unlike .NET's console it reports a closed reader and does not configure the terminal.
/// </summary>
/// <param name="descriptor">The file descriptor.</param>
/// <param name="name">The stream's name in errors.</param>
public sealed class StandardStream(int descriptor, string name) : Stream
{
    // Ten suffice for one vector; some more for threads and temporary files.
    private const int FilesNeeded = 16;
    private const int TooManyOpenFiles = 24;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Standard output.</summary>
    public static Stream Output() => OperatingSystem.IsLinux() ? new StandardStream(1, "standard output") : Console.OpenStandardOutput();

    /// <summary>Standard error.</summary>
    public static Stream Error() => OperatingSystem.IsLinux() ? new StandardStream(2, "standard error") : Console.OpenStandardError();

    /// <summary>Writes to standard error where memory is out: on Linux without an allocation, and ignoring failures.</summary>
    public static void WriteLastWords(ReadOnlySpan<byte> text)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LinuxFiles.write(2, text, (nuint)text.Length);
        }
        else
        {
            Error().Write(text);
        }
    }

    /// <summary>
    /// Call this first in a program. A closed standard stream stays closed, but no file opened later gets its descriptor; a write beyond the
    /// file size limit (<c>ulimit -f</c>) becomes an error, where by default it kills the process.
    /// </summary>
    /// <returns>Why the program cannot run: required libraries abort the process if they cannot open a file. Null if it can.</returns>
    public static string? Prepare()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        LinuxFiles.OccupyStandardStreams();
        LinuxFiles.IgnoreFileSizeSignal();
        return LinuxFiles.CanOpen(FilesNeeded) ? null : $"{FileException.CauseOf(TooManyOpenFiles)}: at least {FilesNeeded} more must be available";
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">The stream is closed, or the disk is full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = LinuxFiles.write(descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == LinuxFiles.TryAgain)
            {
                LinuxFiles.WaitUntilWritable(descriptor);
            }
            else if (error != LinuxFiles.Interrupted)
            {
                throw new FileException(name, FileException.CauseOf(error));
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
