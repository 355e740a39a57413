using System.Buffers.Binary;
using System.Numerics;

namespace Fvm;

/// <content>The CBOR byte-string form of amounts (reference: <c>shared/src/bigint/bigint_ser.rs</c>).</content>
public readonly partial struct TokenAmount
{
    /// <summary>The longest encoding, in bytes, including the sign byte.</summary>
    public const int MaxEncodedLength = 128;

    /// <summary>
    /// Decodes the byte-string form: empty for zero, otherwise a sign byte (0 plus, 1 minus) and the big-endian magnitude. Leading zeros of the
    /// magnitude, and a sign byte without magnitude, are accepted as in the reference.
    /// </summary>
    /// <returns>False for an invalid sign byte or more than <see cref="MaxEncodedLength"/> bytes.</returns>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out TokenAmount amount)
    {
        amount = Zero;
        if (bytes.IsEmpty)
        {
            return true;
        }

        if (bytes[0] > 1 || bytes.Length > MaxEncodedLength)
        {
            return false;
        }

        bool negative = bytes[0] == 1;
        ReadOnlySpan<byte> magnitude = bytes[1..];
        if (magnitude.Length <= 15)
        {
            Span<byte> wide = stackalloc byte[16];
            wide.Clear();
            magnitude.CopyTo(wide[(16 - magnitude.Length)..]);
            Int128 value = BinaryPrimitives.ReadInt128BigEndian(wide);
            amount = new TokenAmount(negative ? -value : value);
        }
        else
        {
            BigInteger value = new(magnitude, isUnsigned: true, isBigEndian: true);
            amount = new TokenAmount(negative ? -value : value);
        }

        return true;
    }

    /// <summary>Encodes the byte-string form.</summary>
    /// <returns>The number of bytes written, or -1 if it would exceed <see cref="MaxEncodedLength"/>.</returns>
    public int WriteTo(Span<byte> destination)
    {
        if (IsZero)
        {
            return 0;
        }

        if (_wide is not null)
        {
            BigInteger magnitude = BigInteger.Abs(_wide.Value);
            int count = magnitude.GetByteCount(isUnsigned: true);
            if (count + 1 > MaxEncodedLength)
            {
                return -1;
            }

            destination[0] = _wide.Value.Sign < 0 ? (byte)1 : (byte)0;
            magnitude.TryWriteBytes(destination[1..], out int written, isUnsigned: true, isBigEndian: true);
            return written + 1;
        }

        // Negating the smallest Int128 yields itself, which is the correct magnitude as an unsigned number.
        UInt128 small = (UInt128)(Int128.IsNegative(_small) ? unchecked(-_small) : _small);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, small);
        int leading = (int)UInt128.LeadingZeroCount(small) / 8;
        destination[0] = Int128.IsNegative(_small) ? (byte)1 : (byte)0;
        bytes[leading..].CopyTo(destination[1..]);
        return 17 - leading;
    }

    /// <summary>The byte-string form.</summary>
    /// <exception cref="OverflowException">It would exceed <see cref="MaxEncodedLength"/> bytes.</exception>
    public byte[] ToBytes()
    {
        Span<byte> buffer = stackalloc byte[MaxEncodedLength];
        int length = WriteTo(buffer);
        return length >= 0 ? buffer[..length].ToArray() : throw new OverflowException("the amount is too large to be encoded");
    }
}
