namespace Fvm.Crypto;

/// <summary>
/// Decompression of single points of G2 (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, appendix C), as a whole
/// and split before and after the square root.
/// </summary>
internal static class G2Encoding
{
    /// <summary>Bytes of a compressed point: C1 of x, then C0.</summary>
    public const int Size = 2 * Fp.Size;

    private static readonly Fp2<Fp> B = Fp2<Fp>.Parse("4", "4");

    /// <summary>Writes a compressed point.</summary>
    public static void Write(in Affine<Fp2<Fp>> point, Span<byte> encoding)
    {
        point.X.C1.Write(encoding);
        point.X.C0.Write(encoding[Fp.Size..]);
        CompressedPoint.SetFlags(encoding, point.Y.HighLanes != 0);
    }

    /// <summary>Reads a compressed point.</summary>
    /// <param name="encoding">96 bytes.</param>
    /// <param name="point">The point; the generator in place of infinity.</param>
    /// <param name="isInfinity">Whether it is the point at infinity.</param>
    /// <returns>False if the encoding is malformed, or the point is not on the curve or not in the subgroup.</returns>
    public static bool TryRead(ReadOnlySpan<byte> encoding, out Affine<Fp2<Fp>> point, out bool isInfinity)
    {
        CompressedPoint.Kind kind = Read(encoding, out Fp2<Fp> x);
        point = G2<Fp2<Fp>>.Generator;
        isInfinity = kind == CompressedPoint.Kind.Infinity;
        if (isInfinity || kind == CompressedPoint.Kind.Malformed)
        {
            return isInfinity;
        }

        Fp2<Fp> y = Fp2SquareRoot<Fp>.Compute(OrdinateSquare(x), out int onCurve);
        if (onCurve == 0)
        {
            return false;
        }

        point = SelectOrdinate(kind, x, y);
        return FpLanes.IsSupported ? PackedG2Point.IsInSubgroup(point) : G2<Fp2<Fp>>.InSubgroupLanes(point) != 0;
    }

    /// <summary>Reads the flags and the x coordinate, without checking that a point with this x exists on the curve.</summary>
    public static CompressedPoint.Kind Read(ReadOnlySpan<byte> encoding, out Fp2<Fp> x)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CompressedPoint.Kind kind = CompressedPoint.Read(encoding[..Size], bytes);
        x = default;
        if (kind is CompressedPoint.Kind.Low or CompressedPoint.Kind.High)
        {
            if (!Fp.TryRead(bytes, out Fp c1) || !Fp.TryRead(bytes[Fp.Size..], out Fp c0))
            {
                return CompressedPoint.Kind.Malformed;
            }

            x = new(c0, c1);
        }

        return kind;
    }

    /// <summary>y^2 of the points with this x coordinate.</summary>
    public static Fp2<Fp> OrdinateSquare(in Fp2<Fp> x) => (x.Square() * x) + B;

    /// <summary>The point (x, y) or (x, -y), depending on the kind of its encoding.</summary>
    public static Affine<Fp2<Fp>> SelectOrdinate(CompressedPoint.Kind kind, in Fp2<Fp> x, in Fp2<Fp> y)
    {
        bool isHigh = y.HighLanes != 0;
        return new(x, isHigh == (kind == CompressedPoint.Kind.High) ? y : -y);
    }
}
