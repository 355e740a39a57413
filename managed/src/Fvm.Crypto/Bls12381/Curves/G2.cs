// G2: the subgroup of order r on y^2 = x^3 + 4(1 + u) over Fp2
// (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1 and appendix C).
namespace Fvm.Crypto.Bls12381;

/// <summary>Reading and checking points of G2, and moving points of the curve into it, as many at once as the field has lanes.</summary>
internal static class G2<T>
    where T : struct, IPrimeField<T>
{
    /// <summary>Bytes of a compressed point: C1 of x, then C0.</summary>
    public const int Size = 2 * Fp.Size;

    /// <summary>The generator, in every lane.</summary>
    public static readonly Affine<Fp2<T>> Generator = new(
        Fp2<T>.Parse(
            "24aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
            "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"),
        Fp2<T>.Parse(
            "ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801",
            "606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be"));

    private static readonly Fp2<T> B = Fp2<T>.Parse("4", "4");

    // (1 + u)^(-(p - 1)/3), (1 + u)^(-(p - 1)/2), and 2^(-(p - 1)/3): the untwisted Frobenius on x, on y, and its square on x.
    private static readonly Fp2<T> PsiX = Fp2<T>.Parse(
        "0", "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaad");

    private static readonly Fp2<T> PsiY = Fp2<T>.Parse(
        "135203e60180a68ee2e9c448d77a2cd91c3dedd930b1cf60ef396489f61eb45e304466cf3e67fa0af1ee7b04121bdea2",
        "6af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09");

    private static readonly T PsiSquareX = T.Broadcast(
        Fp.Parse("1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaac"));

    /// <summary>Reads one compressed point into every lane.</summary>
    /// <param name="encoding">96 bytes.</param>
    /// <param name="point">The point; where it is infinity, the generator.</param>
    /// <param name="isInfinity">Whether it is the point at infinity.</param>
    /// <returns>False when the encoding is malformed, or the point is not on the curve or not in the subgroup.</returns>
    public static bool TryRead(ReadOnlySpan<byte> encoding, out Affine<Fp2<T>> point, out bool isInfinity)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CompressedPoint.Kind kind = CompressedPoint.Read(encoding[..Size], bytes);
        point = Generator;
        isInfinity = kind == CompressedPoint.Kind.Infinity;
        if (isInfinity)
        {
            return true;
        }

        if (kind == CompressedPoint.Kind.Malformed || !Fp.TryRead(bytes, out Fp c1) || !Fp.TryRead(bytes[Fp.Size..], out Fp c0))
        {
            return false;
        }

        Fp2<T> x = new(T.Broadcast(c0), T.Broadcast(c1));
        Fp2<T> y = Fp2SquareRoot<T>.Compute((x.Square() * x) + B, out int onCurve);
        int high = kind == CompressedPoint.Kind.High ? -1 : 0;
        point = new(x, Fp2<T>.Select(y.HighLanes ^ high, -y, y));
        return (onCurve & InSubgroupLanes(point) & 1) != 0;
    }

    /// <summary>
    /// The lanes in the subgroup: M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly curves",
    /// https://eprint.iacr.org/2021/1130.
    /// </summary>
    public static int InSubgroupLanes(in Affine<Fp2<T>> points)
    {
        Point<Fp2<T>> point = new(points);
        return Psi(point).EqualLanes(-point.MultiplyByParameter());
    }

    /// <summary>
    /// A multiple of each point that lies in the subgroup (RFC 9380, appendix G.3, https://www.rfc-editor.org/rfc/rfc9380).
    /// </summary>
    public static Point<Fp2<T>> ClearCofactor(in Point<Fp2<T>> point)
    {
        // (x^2 - x - 1) P + (x - 1) psi(P) + psi^2(2P), where x is negative.
        Point<Fp2<T>> multiple = -point.MultiplyByParameter();
        Point<Fp2<T>> image = Psi(point);
        Point<Fp2<T>> outer = -(multiple + image).MultiplyByParameter();
        return PsiSquare(point.Double()) - image + outer - multiple - point;
    }

    private static Point<Fp2<T>> Psi(in Point<Fp2<T>> point) =>
        new(point.X.Conjugate() * PsiX, point.Y.Conjugate() * PsiY, point.Z.Conjugate());

    private static Point<Fp2<T>> PsiSquare(in Point<Fp2<T>> point) => new(point.X * PsiSquareX, -point.Y, point.Z);
}
