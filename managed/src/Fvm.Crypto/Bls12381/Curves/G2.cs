namespace Fvm.Crypto;

/// <summary>
/// G2, the subgroup of order r of y^2 = x^3 + 4(1 + u) over Fp2 (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves,
/// section 4.2.1 and appendix C): subgroup checks and cofactor clearing, one point per lane.
/// </summary>
internal static class G2<T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>The generator, broadcast to all lanes.</summary>
    public static readonly Affine<T> Generator = new(
        T.Broadcast(Fp2<Fp>.Parse(
            "24aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
            "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e")),
        T.Broadcast(Fp2<Fp>.Parse(
            "ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801",
            "606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be")));

    // (1 + u)^(-(p - 1)/3), (1 + u)^(-(p - 1)/2) and 2^(-(p - 1)/3): the factors of the untwisted Frobenius for x and y, and of its square
    // for x.
    internal static readonly T PsiX = T.Broadcast(Fp2<Fp>.Parse(
        "0", "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaad"));

    internal static readonly T PsiY = T.Broadcast(Fp2<Fp>.Parse(
        "135203e60180a68ee2e9c448d77a2cd91c3dedd930b1cf60ef396489f61eb45e304466cf3e67fa0af1ee7b04121bdea2",
        "6af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09"));

    internal static readonly T PsiSquareX = T.Broadcast(Fp2<Fp>.Parse(
        "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaac", "0"));

    /// <summary>
    /// The lanes in the subgroup: M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly curves",
    /// https://eprint.iacr.org/2021/1130.
    /// </summary>
    public static int InSubgroupLanes(in Affine<T> points)
    {
        Point<T> point = new(points);
        return InSubgroupLanes(point, point.MultiplyByParameter());
    }

    /// <summary>The lanes in the subgroup, given |x| times the points, where x is the curve parameter.</summary>
    public static int InSubgroupLanes(in Point<T> points, in Point<T> multiple) => Psi(points).EqualLanes(-multiple);

    /// <summary>
    /// Clears the cofactor: a multiple of each point that lies in the subgroup (RFC 9380, appendix G.3,
    /// https://www.rfc-editor.org/rfc/rfc9380).
    /// </summary>
    public static Point<T> ClearCofactor(in Point<T> point)
    {
        Point<T> multiple = point.MultiplyByParameter();
        return ClearCofactor(point, multiple, InnerSum(point, multiple).MultiplyByParameter());
    }

    /// <summary>The same, given |x| times the point and |x| times their <see cref="InnerSum"/>.</summary>
    public static Point<T> ClearCofactor(in Point<T> point, in Point<T> multiple, in Point<T> outer)
    {
        // (x^2 - x - 1) P + (x - 1) psi(P) + psi^2(2P), where x is negative.
        return PsiSquare(point.Double()) - Psi(point) - outer + multiple - point;
    }

    /// <summary>x P + psi(P), from P and |x| P.</summary>
    public static Point<T> InnerSum(in Point<T> point, in Point<T> multiple) => Psi(point) - multiple;

    private static Point<T> Psi(in Point<T> point) =>
        new(point.X.Conjugate() * PsiX, point.Y.Conjugate() * PsiY, point.Z.Conjugate());

    private static Point<T> PsiSquare(in Point<T> point) => new(point.X.MultiplyByReal(PsiSquareX), -point.Y, point.Z);
}
