// Compressed points of G1 (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, appendix C), one at a time.
namespace Fvm.Crypto.Bls12381;

/// <summary>The steps of reading a compressed point of G1 around the square root.</summary>
internal static class G1Encoding
{
    /// <summary>Reads the flags and the x coordinate, which may belong to no point.</summary>
    public static CompressedPoint.Kind Read(ReadOnlySpan<byte> encoding, out Fp x)
    {
        Span<byte> bytes = stackalloc byte[Fp.Size];
        CompressedPoint.Kind kind = CompressedPoint.Read(encoding[..Fp.Size], bytes);
        x = default;
        bool hasX = kind is CompressedPoint.Kind.Low or CompressedPoint.Kind.High;
        return hasX && !Fp.TryRead(bytes, out x) ? CompressedPoint.Kind.Malformed : kind;
    }

    /// <summary>y^2 for the points with a given x.</summary>
    public static Fp OrdinateSquare(in Fp x) => (x.Square() * x) + G1<Fp>.B;

    /// <summary>The point with the smaller or the larger of y and -y.</summary>
    public static Affine<Fp> Choose(CompressedPoint.Kind kind, in Fp x, in Fp y)
    {
        bool isHigh = y.HighLanes != 0;
        return new(x, isHigh == (kind == CompressedPoint.Kind.High) ? y : -y);
    }
}
