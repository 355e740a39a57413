namespace Fvm.Ipld;

/// <summary>
/// Unsigned varints of multiformats (LEB128): seven bits per byte, low bits first, the top bit is the continuation bit; at most ten bytes.
/// </summary>
/// <remarks>
/// Decoding is as lenient as the crate unsigned-varint 0.8, which the reference uses: a multi-byte form ending in a zero byte is rejected
/// (not minimal), as are ten continuation bytes; but bits of a tenth byte beyond bit 63 are silently dropped.
/// </remarks>
internal static class Varint
{
    /// <summary>Maximum length of a 64-bit varint, in bytes.</summary>
    public const int MaxLength = 10;

    /// <summary>Reads one varint from the start of <paramref name="bytes"/>.</summary>
    /// <returns>False if truncated, not minimal, or longer than ten bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ulong value, out int read)
    {
        if (bytes.Length > 0 && bytes[0] < 0x80)
        {
            value = bytes[0];
            read = 1;
            return true;
        }

        ulong result = 0;
        int limit = Math.Min(bytes.Length, MaxLength);
        for (int index = 0; index < limit; index++)
        {
            byte current = bytes[index];
            result |= (ulong)(current & 0x7f) << (index * 7);
            if (current < 0x80)
            {
                bool minimal = current != 0 || index == 0;
                value = minimal ? result : 0;
                read = minimal ? index + 1 : 0;
                return minimal;
            }
        }

        value = 0;
        read = 0;
        return false;
    }

    /// <summary>The encoded length of <paramref name="value"/>, 1 to 10 bytes.</summary>
    public static int LengthOf(ulong value) => (System.Numerics.BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Writes <paramref name="value"/> in minimal form and returns its length in bytes.</summary>
    /// <exception cref="IndexOutOfRangeException">The destination is shorter than <see cref="LengthOf"/>.</exception>
    public static int Write(ulong value, Span<byte> destination)
    {
        int index = 0;
        while (value >= 0x80)
        {
            destination[index++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[index++] = (byte)value;
        return index;
    }
}
