using Fvm.Ipld;

namespace Fvm;

/// <summary>CBOR fields shared by messages, actors and proofs.</summary>
internal static class CborFields
{
    // The initial capacity of lists is limited to this: a header may claim more items than follow.
    private const int TrustedCapacity = 1024;

    public delegate T ItemReader<out T>(ref CborReader reader);

    /// <summary>Reads a list. Memory grows with the actual items, not with the header's count.</summary>
    /// <exception cref="CborException">It is not a list, or an item is malformed.</exception>
    public static T[] ReadList<T>(ref CborReader reader, ItemReader<T> readItem)
    {
        int count = reader.ReadArrayHeader();
        if (count == 0)
        {
            return [];
        }

        T[] items = new T[Math.Min(count, TrustedCapacity)];
        for (int i = 0; i < count && reader.Fault is null; i++)
        {
            if (i == items.Length)
            {
                Array.Resize(ref items, Math.Min(count, 2 * i));
            }

            items[i] = readItem(ref reader);
        }

        // After a fault only the reader's fault matters, not the partial list.
        return items;
    }

    /// <exception cref="CborException">It is not a byte string, or not an address.</exception>
    public static Address ReadAddress(ref CborReader reader)
    {
        int at = reader.Offset;
        return Address.TryFromBytes(reader.ReadBytes(), out Address address)
            ? address
            : throw new CborException(at, "expected an address");
    }

    /// <exception cref="CborException">It is not a byte string, or not an amount.</exception>
    public static TokenAmount ReadAmount(ref CborReader reader)
    {
        int at = reader.Offset;
        return TokenAmount.TryFromBytes(reader.ReadBytes(), out TokenAmount amount)
            ? amount
            : throw new CborException(at, "expected an amount: a sign byte of 0 or 1, and at most 128 bytes in all");
    }

    public static void WriteAddress(CborWriter writer, in Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.MaxLength];
        writer.WriteBytes(bytes[..address.WriteTo(bytes)]);
    }

    /// <exception cref="OverflowException">The amount is too large to be encoded.</exception>
    public static void WriteAmount(CborWriter writer, in TokenAmount amount)
    {
        Span<byte> bytes = stackalloc byte[TokenAmount.MaxEncodedLength];
        int length = amount.WriteTo(bytes);
        if (length < 0)
        {
            throw new OverflowException("the amount is too large to be encoded");
        }

        writer.WriteBytes(bytes[..length]);
    }
}
