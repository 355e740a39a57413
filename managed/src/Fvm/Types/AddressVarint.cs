namespace Fvm;

/// <summary>
/// Unsigned LEB128 numbers in addresses, as decoded by the reference's varint library: minimal, at most ten bytes, and bits of the tenth
/// byte beyond 64 bits are silently dropped.
/// </summary>
internal static class AddressVarint
{
    public const int MaxLength = 10;

    /// <summary>Reads a number from the start of <paramref name="bytes"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ulong value, out int length)
    {
        value = 0;
        for (int i = 0; i < bytes.Length && i < MaxLength; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                length = i + 1;
                return bytes[i] != 0 || i == 0;
            }
        }

        length = 0;
        return false;
    }

    /// <summary>Writes a number of up to <see cref="MaxLength"/> bytes.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    public static int LengthOf(ulong value)
    {
        int length = 1;
        while ((value >>= 7) != 0)
        {
            length++;
        }

        return length;
    }
}
