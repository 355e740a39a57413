using Fvm.Ipld;

namespace Fvm;

/// <summary>A signature. In CBOR a byte string whose first byte is the type (reference: <c>shared/src/crypto/signature.rs</c>).</summary>
internal sealed record Signature(SignatureType Type, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reads a signature.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static Signature Read(ref CborReader reader)
    {
        int at = reader.Offset;
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        return bytes.Length > 0 && bytes[0] is (1 or 2)
            ? new Signature((SignatureType)bytes[0], bytes[1..].ToArray())
            : throw new CborException(at, "expected a signature, whose first byte is 1 or 2");
    }

    public void WriteTo(CborWriter writer)
    {
        byte[] bytes = new byte[Bytes.Length + 1];
        bytes[0] = (byte)Type;
        Bytes.Span.CopyTo(bytes.AsSpan(1));
        writer.WriteBytes(bytes);
    }
}
