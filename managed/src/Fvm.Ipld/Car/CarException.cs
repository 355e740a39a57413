// The error of everything that reads CAR files.
namespace Fvm.Ipld;

/// <summary>A CAR file that is cut off, corrupt, or beyond a bound; the message says what and where.</summary>
public sealed class CarException : FormatException
{
    /// <summary>An error at <paramref name="offset"/>.</summary>
    /// <param name="offset">The offset in bytes from the start of the file, unpacked, of what is wrong.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public CarException(long offset, string message, Exception? inner = null)
        : base($"CAR, byte {offset}: {message}", inner)
    {
        Offset = offset;
    }

    /// <summary>The offset in bytes from the start of the file, unpacked, of what is wrong.</summary>
    public long Offset { get; }
}
