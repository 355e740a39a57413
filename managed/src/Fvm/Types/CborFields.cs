using Fvm.Ipld;

namespace Fvm;

/// <summary>The fields that messages, actors and proofs share, read and written.</summary>
internal static class CborFields
{
    // Lists get room for so many items before any of them is read: a header may claim more than there are.
    private const int TrustedCapacity = 1024;

    public delegate T ItemReader<out T>(ref CborReader reader);

    /// <summary>Reads a list. Memory grows with the items that are there, not with the number that the header claims.</summary>
    /// <exception cref="CborException">No list, or an item that does not decode.</exception>
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

        // Of a list that is not read to its end the reader's fault is all that counts.
        return items;
    }

    /// <exception cref="CborException">No byte string, or no address in it.</exception>
    public static Address ReadAddress(ref CborReader reader)
    {
        int at = reader.Offset;
        return Address.TryFromBytes(reader.ReadBytes(), out Address address)
            ? address
            : throw new CborException(at, "expected an address");
    }

    /// <exception cref="CborException">No byte string, or no amount in it.</exception>
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
