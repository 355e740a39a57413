namespace Fvm.Crypto;

/// <summary>
/// The flags of a compressed point (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, appendix C), in its first
/// byte: bit 7 compressed, bit 6 infinity, bit 5 the larger y. The remaining bits are the big-endian x coordinate.
/// </summary>
internal static class CompressedPoint
{
    private const byte Compressed = 0x80;
    private const byte Infinity = 0x40;
    private const byte High = 0x20;
    private const byte Flags = Compressed | Infinity | High;

    /// <summary>The kind of an encoding, from its flags.</summary>
    public enum Kind
    {
        /// <summary>Not a compressed point.</summary>
        Malformed,

        /// <summary>The point at infinity, in its only encoding.</summary>
        Infinity,

        /// <summary>An x coordinate with the smaller y.</summary>
        Low,

        /// <summary>An x coordinate with the larger y.</summary>
        High,
    }

    /// <summary>Sets the flags of a point that is not infinity.</summary>
    /// <param name="encoding">The bytes of x.</param>
    /// <param name="isHigh">Whether y is the larger one.</param>
    public static void SetFlags(Span<byte> encoding, bool isHigh) => encoding[0] |= (byte)(isHigh ? Compressed | High : Compressed);

    /// <summary>Reads the flags; <paramref name="x"/> receives the bytes without them (same length as the encoding).</summary>
    public static Kind Read(ReadOnlySpan<byte> encoding, Span<byte> x)
    {
        byte flags = (byte)(encoding[0] & Flags);
        encoding.CopyTo(x);
        x[0] ^= flags;
        if ((flags & Compressed) == 0)
        {
            return Kind.Malformed;
        }

        if ((flags & Infinity) == 0)
        {
            return (flags & High) != 0 ? Kind.High : Kind.Low;
        }

        // All other bits must be zero.
        return (flags & High) == 0 && !x.ContainsAnyExcept((byte)0) ? Kind.Infinity : Kind.Malformed;
    }
}
