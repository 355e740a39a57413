namespace Fvm.Ipld;

/// <summary>Bytes that are not CBOR of the expected form; the message says where and what was expected.</summary>
public sealed class CborException : FormatException
{
    /// <summary>An error at <paramref name="offset"/>.</summary>
    /// <param name="offset">The offset of the offending item, in bytes from the start of the input.</param>
    /// <param name="message">What was expected and what was found.</param>
    public CborException(int offset, string message)
        : base(TextOf(offset, message))
    {
        Offset = offset;
    }

    /// <summary>The offset of the offending item, in bytes from the start of the input.</summary>
    public int Offset { get; }

    internal static string TextOf(int offset, string message) => $"CBOR, byte {offset}: {message}";
}
