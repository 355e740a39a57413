// The error of everything that reads CBOR.
namespace Fvm.Ipld;

/// <summary>Bytes that are no CBOR of the expected form; the message says where and what was expected.</summary>
public sealed class CborException : FormatException
{
    /// <summary>An error at <paramref name="offset"/>.</summary>
    /// <param name="offset">The offset, in bytes from the start of what is read, of the item that is wrong.</param>
    /// <param name="message">What was expected and what was found.</param>
    public CborException(int offset, string message)
        : base(TextOf(offset, message))
    {
        Offset = offset;
    }

    /// <summary>The offset, in bytes from the start of what is read, of the item that is wrong.</summary>
    public int Offset { get; }

    internal static string TextOf(int offset, string message) => $"CBOR, byte {offset}: {message}";
}
