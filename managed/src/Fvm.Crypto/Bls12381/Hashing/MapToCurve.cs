namespace Fvm.Crypto;

/// <summary>
/// Maps elements of Fp2 to points of E2, y^2 = x^3 + 4(1 + u), by the simplified SWU map to a curve E' isogenous to E2, and the isogeny
/// (RFC 9380, https://www.rfc-editor.org/rfc/rfc9380, sections 6.6.2, 6.6.3 and 8.8.2).
/// </summary>
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
    internal static readonly T NormRoot = T.Broadcast(
        Fp.Parse("11f02c47fcc45f9d383cd606f3292533cc8a25c31c870e7a83a489b72ed34261a1ad422a4c6af0df9a24f14967c08578"));

    /// <summary>map_to_curve: a point of E2, not yet in the subgroup.</summary>
    public static Point<Fp2<T>> Map(in Fp2<T> u)
    {
        Candidate candidate = Begin(u);
        T s = candidate.Norm * FieldPower.InverseRoot(candidate.Norm);
        Choice choice = Choose(candidate, s);
        return Complete(choice, FieldPower.InverseRoot(choice.RealSquare));
    }

    /// <summary>The first steps of the simplified SWU map (section 6.6.2), up to the root of <see cref="Candidate.Norm"/>.</summary>
    public static Candidate Begin(in Fp2<T> u)
    {
        // x1 = -B/A (1 + 1/(Z^2 u^4 + Z u^2)), or B/(Z A) if that denominator is zero.
        Fp2<T> zuu = Z * u.Square();
        Fp2<T> denominator = zuu.Square() + zuu;
        Fp2<T> x1 = MinusBOverA * (Fp2<T>.One + denominator.Invert());
        x1 = Fp2<T>.Select(denominator.ZeroLanes, BOverZA, x1);
        Fp2<T> g1 = ((x1.Square() + A) * x1) + B;
        return new(u, zuu, x1, g1, g1.Norm());
    }

    /// <summary>The next steps, up to the root of <see cref="Choice.RealSquare"/>.</summary>
    /// <param name="candidate">The result of <see cref="Begin"/>.</param>
    /// <param name="s">The norm n to the power (p + 1)/4.</param>
    public static Choice Choose(in Candidate candidate, in T s)
    {
        // g1 is a square if its norm n is. s^2 = n if n is a square, otherwise s^2 = -n.
        int isSquare = (s.Square() - candidate.Norm).ZeroLanes;

        // If n is not a square, x2 = Z u^2 x1 gives g2 = (Z u^2)^3 g1, a square with the norm -s^2 Norm(Z)^3 Norm(u)^6, where the two minus
        // signs cancel: its root is s * NormRoot * Norm(u)^3.
        Fp2<T> zuu = candidate.Zuu;
        T norm = candidate.U.Norm();
        Fp2<T> x = Fp2<T>.Select(isSquare, candidate.X, zuu * candidate.X);
        Fp2<T> g = Fp2<T>.Select(isSquare, candidate.G, zuu.Square() * zuu * candidate.G);
        T root = T.Select(isSquare, s, s * NormRoot * (norm.Square() * norm));
        return new(candidate.U, x, g, Fp2SquareRoot<T>.RealSquare(g, root));
    }

    /// <summary>The last steps of the map, and the isogeny.</summary>
    /// <param name="choice">The result of <see cref="Choose"/>.</param>
    /// <param name="inverse">The <see cref="FieldPower.InverseRoot"/> of its <see cref="Choice.RealSquare"/>.</param>
    public static Point<Fp2<T>> Complete(in Choice choice, in T inverse)
    {
        Fp2<T> y = Fp2SquareRoot<T>.Complete(choice.G, choice.RealSquare, inverse);
        return Isogeny(new(choice.X, Fp2<T>.Select(choice.U.OddLanes ^ y.OddLanes, -y, y)));
    }

    /// <summary>The first candidate x1, with g(x1) and its norm.</summary>
    internal readonly struct Candidate(in Fp2<T> u, in Fp2<T> zuu, in Fp2<T> x, in Fp2<T> g, in T norm)
    {
        public readonly Fp2<T> U = u;
        public readonly Fp2<T> Zuu = zuu;
        public readonly Fp2<T> X = x;
        public readonly Fp2<T> G = g;
        public readonly T Norm = norm;
    }

    /// <summary>The candidate x with a square g(x), and the radicand of the root of g(x).</summary>
    internal readonly struct Choice(in Fp2<T> u, in Fp2<T> x, in Fp2<T> g, in T realSquare)
    {
        public readonly Fp2<T> U = u;
        public readonly Fp2<T> X = x;
        public readonly Fp2<T> G = g;
        public readonly T RealSquare = realSquare;
    }
}
