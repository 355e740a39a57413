// The compressed form of points (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, appendix C).
namespace Fvm.Crypto;

/// <summary>
/// The three flags in the first byte of a compressed point: bit 7 compressed, bit 6 infinity, bit 5 the larger of both y. Everything
/// else is the big-endian x coordinate.
/// </summary>
internal static class CompressedPoint
{
    private const byte Compressed = 0x80;
    private const byte Infinity = 0x40;
    private const byte High = 0x20;
    private const byte Flags = Compressed | Infinity | High;

    /// <summary>The kind of an encoding, by its flags.</summary>
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

    /// <summary>Reads the flags; <paramref name="x"/> gets the bytes without them (as many as the encoding).</summary>
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

        // Every other bit must be zero.
        return (flags & High) == 0 && !x.ContainsAnyExcept((byte)0) ? Kind.Infinity : Kind.Malformed;
    }
}
