using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Items of the chain's blocks, with the limits of Lotus's decoders (cbor-gen).</summary>
internal static class ChainCbor
{
    /// <summary>Maximum number of items in a list of a header.</summary>
    public const int MaxListLength = 8192;

    /// <summary>Maximum length of a byte string in a header.</summary>
    public const int MaxBytesLength = 2 << 20;

    private const int MaxSignatureLength = 200;
    private const int InitialCapacity = 16;

    public delegate T ItemReader<out T>(ref CborReader reader);

    public static T[] ReadList<T>(ref CborReader reader, ItemReader<T> readItem)
    {
        int at = reader.Offset;
        int count = reader.ReadArrayHeader();
        if (count > MaxListLength)
        {
            throw new CborException(at, $"a list of {count} items; at most {MaxListLength} are allowed");
        }

        // A header may claim more items than follow.
        List<T> items = new(Math.Min(count, InitialCapacity));
        for (int index = 0; index < count; index++)
        {
            items.Add(readItem(ref reader));
        }

        return [.. items];
    }

    public static byte[] ReadBytes(ref CborReader reader)
    {
        int at = reader.Offset;
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        return bytes.Length <= MaxBytesLength
            ? bytes.ToArray()
            : throw new CborException(at, $"a byte string of {bytes.Length} bytes; at most {MaxBytesLength} are allowed");
    }

    public static Address ReadAddress(ref CborReader reader)
    {
        int at = reader.Offset;
        return Address.TryFromBytes(reader.ReadBytes(), out Address address) ? address : throw new CborException(at, "expected an address");
    }

    public static TokenAmount ReadAmount(ref CborReader reader)
    {
        int at = reader.Offset;
        return TokenAmount.TryFromBytes(reader.ReadBytes(), out TokenAmount amount) ? amount : throw new CborException(at, "expected an amount");
    }

    public static ChainSignature ReadSignature(ref CborReader reader)
    {
        int at = reader.Offset;
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        return bytes.Length is > 0 and <= MaxSignatureLength && bytes[0] is >= 1 and <= 3
            ? new ChainSignature((ChainSignatureKind)bytes[0], bytes[1..].ToArray())
            : throw new CborException(at, $"expected a signature: a kind of 1 to 3, and at most {MaxSignatureLength} bytes in all");
    }

    public static void WriteAddress(CborWriter writer, in Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.MaxLength];
        writer.WriteBytes(bytes[..address.WriteTo(bytes)]);
    }

    public static void WriteAmount(CborWriter writer, in TokenAmount amount) => writer.WriteBytes(amount.ToBytes());

    public static void WriteSignature(CborWriter writer, ChainSignature signature)
    {
        byte[] bytes = new byte[signature.Data.Length + 1];
        bytes[0] = (byte)signature.Kind;
        signature.Data.Span.CopyTo(bytes.AsSpan(1));
        writer.WriteBytes(bytes);
    }
}
