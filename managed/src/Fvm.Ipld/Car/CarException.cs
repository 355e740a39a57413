namespace Fvm.Ipld;

/// <summary>A CAR file that is truncated, corrupt, or over a limit; the message says what and where.</summary>
public sealed class CarException : FormatException
{
    /// <summary>An error at <paramref name="offset"/>.</summary>
    /// <param name="offset">The offset of the error, in bytes from the start of the decompressed file.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public CarException(long offset, string message, Exception? inner = null)
        : base($"CAR, byte {offset}: {message}", inner)
    {
        Offset = offset;
    }

    /// <summary>The offset of the error, in bytes from the start of the decompressed file.</summary>
    public long Offset { get; }
}
