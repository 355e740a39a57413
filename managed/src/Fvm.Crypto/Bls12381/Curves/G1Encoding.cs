namespace Fvm.Crypto;

/// <summary>
/// Decompression of single points of G1 (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, appendix C), split
/// before and after the square root.
/// </summary>
internal static class G1Encoding
{
    /// <summary>Writes a compressed point.</summary>
    public static void Write(in Affine<Fp> point, Span<byte> encoding)
    {
        point.X.Write(encoding);
        CompressedPoint.SetFlags(encoding, point.Y.HighLanes != 0);
    }

    /// <summary>Reads the flags and the x coordinate, without checking that a point with this x exists on the curve.</summary>
    public static CompressedPoint.Kind Read(ReadOnlySpan<byte> encoding, out Fp x)
    {
        Span<byte> bytes = stackalloc byte[Fp.Size];
        CompressedPoint.Kind kind = CompressedPoint.Read(encoding[..Fp.Size], bytes);
        x = default;
        bool hasX = kind is CompressedPoint.Kind.Low or CompressedPoint.Kind.High;
        return hasX && !Fp.TryRead(bytes, out x) ? CompressedPoint.Kind.Malformed : kind;
    }

    /// <summary>y^2 of the points with this x coordinate.</summary>
    public static Fp OrdinateSquare(in Fp x) => (x.Square() * x) + G1<Fp>.B;

    /// <summary>The point (x, y) or (x, -y), depending on the kind of its encoding.</summary>
    public static Affine<Fp> SelectOrdinate(CompressedPoint.Kind kind, in Fp x, in Fp y)
    {
        bool isHigh = y.HighLanes != 0;
        return new(x, isHigh == (kind == CompressedPoint.Kind.High) ? y : -y);
    }
}
