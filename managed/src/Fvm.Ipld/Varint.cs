// Unsigned variable-length integers of multiformats (LEB128).
namespace Fvm.Ipld;

/// <summary>
/// Unsigned varints as multiformats use them: seven bits a byte, low bits first, the top bit says that more follow; at most ten bytes.
/// </summary>
/// <remarks>
/// Reading has the leniency of the crate unsigned-varint 0.8, which the reference uses: a multi-byte form that ends with a zero byte
/// is refused (not minimal), ten bytes that all continue are refused, but the bits of a tenth byte beyond bit 63 are dropped silently.
/// </remarks>
public static class Varint
{
    /// <summary>The most bytes that a varint of 64 bits has.</summary>
    public const int MaxLength = 10;

    /// <summary>Reads one varint from the start of <paramref name="bytes"/>.</summary>
    /// <returns>False when the bytes end within it, when it is not minimal, or when it is longer than ten bytes.</returns>
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

    /// <summary>The number of bytes, 1 to 10, that <paramref name="value"/> takes.</summary>
    public static int LengthOf(ulong value) => (System.Numerics.BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Writes <paramref name="value"/> in its minimal form and returns the number of bytes written.</summary>
    /// <exception cref="IndexOutOfRangeException">The destination is shorter than <see cref="LengthOf"/> says.</exception>
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
