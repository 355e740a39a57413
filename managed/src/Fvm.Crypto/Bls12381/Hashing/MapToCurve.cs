// The simplified SWU map to a curve isogenous to E2, and the isogeny (RFC 9380, https://www.rfc-editor.org/rfc/rfc9380,
// sections 6.6.2, 6.6.3 and 8.8.2).
namespace Fvm.Crypto.Bls12381;

/// <summary>Maps elements of Fp2 to points of y^2 = x^3 + 4(1 + u).</summary>
internal static partial class MapToCurve<T>
    where T : struct, IPrimeField<T>
{
    // E': y^2 = x^3 + A x + B, and the non-square Z.
    private static readonly Fp2<T> A = Fp2<T>.Parse("0", "f0");
    private static readonly Fp2<T> B = Fp2<T>.Parse("3f4", "3f4");
    private static readonly Fp2<T> Z = -Fp2<T>.Parse("2", "1");
    private static readonly Fp2<T> MinusBOverA = -(B * A.Invert());
    private static readonly Fp2<T> BOverZA = B * (Z * A).Invert();

    // A square root of -125, where -Norm(Z)^3 = -125.
    private static readonly T NormRoot = T.Broadcast(
        Fp.Parse("11f02c47fcc45f9d383cd606f3292533cc8a25c31c870e7a83a489b72ed34261a1ad422a4c6af0df9a24f14967c08578"));

    /// <summary>map_to_curve: a point of E2, not yet in the subgroup.</summary>
    public static Point<Fp2<T>> Map(in Fp2<T> u) => Isogeny(MapToIsogenousCurve(u));

    // The simplified SWU map (section 6.6.2).
    private static Affine<Fp2<T>> MapToIsogenousCurve(in Fp2<T> u)
    {
        // x1 = -B/A (1 + 1/(Z^2 u^4 + Z u^2)), or B/(Z A) where that denominator is zero.
        Fp2<T> zuu = Z * u.Square();
        Fp2<T> denominator = zuu.Square() + zuu;
        Fp2<T> x1 = MinusBOverA * (Fp2<T>.One + denominator.Invert());
        x1 = Fp2<T>.Select(denominator.ZeroLanes, BOverZA, x1);
        Fp2<T> g1 = ((x1.Square() + A) * x1) + B;

        // g1 is a square if its norm n is. With s = n^((p + 1)/4): s^2 = n where n is a square, otherwise s^2 = -n.
        T n = g1.Norm();
        T s = n * FieldPower.InverseRoot(n);
        int isSquare = (s.Square() - n).ZeroLanes;

        // Where it is not, x2 = Z u^2 x1 gives g2 = (Z u^2)^3 g1, a square whose norm is -s^2 Norm(Z)^3 Norm(u)^6 with minus signs
        // twice: its root is s * NormRoot * Norm(u)^3.
        T norm = u.Norm();
        Fp2<T> x = Fp2<T>.Select(isSquare, x1, zuu * x1);
        Fp2<T> g = Fp2<T>.Select(isSquare, g1, zuu.Square() * zuu * g1);
        s = T.Select(isSquare, s, s * NormRoot * (norm.Square() * norm));

        Fp2<T> y = Fp2SquareRoot<T>.FromNormRoot(g, s);
        return new(x, Fp2<T>.Select(u.OddLanes ^ y.OddLanes, -y, y));
    }
}
