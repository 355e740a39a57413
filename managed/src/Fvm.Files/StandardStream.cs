using System.Runtime.InteropServices;

namespace Fvm.Files;

/// <summary>
/// Standard output or standard error, written to at once. Unlike .NET's console it says so when nobody reads any more, and it takes no
/// interest in the terminal.
/// </summary>
/// <param name="descriptor">Its number.</param>
/// <param name="name">What errors call it.</param>
public sealed class StandardStream(int descriptor, string name) : Stream
{
    // Ten are enough for one vector; a few more for threads and temporary files.
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

    /// <summary>
    /// To be called first of all by a program. A standard stream that is closed stays so, but no file that is opened later gets its number;
    /// and a write beyond the limit of a file's size (<c>ulimit -f</c>) is an error, where the default is to kill the process.
    /// </summary>
    /// <returns>Why the program cannot run: libraries that it needs abort the process where they cannot open a file. Null if it can.</returns>
    public static string? Prepare()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        LinuxFiles.OccupyStandardStreams();
        LinuxFiles.IgnoreFileSizeSignal();
        return LinuxFiles.CanOpen(FilesNeeded) ? null : $"{FileException.CauseOf(TooManyOpenFiles)}: at least {FilesNeeded} more are needed";
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">It is closed, or full.</exception>
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
