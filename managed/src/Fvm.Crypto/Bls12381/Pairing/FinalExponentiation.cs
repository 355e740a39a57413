namespace Fvm.Crypto;

/// <summary>
/// The final exponentiation, to 3 (p^12 - 1)/r: the result is one exactly if that of (p^12 - 1)/r is, since 3 does not divide r. D.
/// Hayashida, K. Hayasaka, T. Teruya, "Efficient Final Exponentiation via Cyclotomic Structure for Pairings over Families of Elliptic
/// Curves", https://eprint.iacr.org/2020/875.
/// </summary>
internal static class FinalExponentiation<TTarget>
    where TTarget : struct, ITargetField<TTarget>
{
    /// <summary>The lanes in which the product of pairings is one.</summary>
    public static int OneLanes(in TTarget f) => Compute(f).OneLanes;

    /// <summary>The reduced pairing, cubed.</summary>
    public static TTarget Compute(in TTarget f)
    {
        // (p^6 - 1)(p^2 + 1)
        TTarget g = f.Conjugate() * f.Invert();
        g = g.FrobeniusSquare() * g;

        // (x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3
        TTarget a = PowerOfParameter(g) * g.Conjugate();
        a = PowerOfParameter(a) * a.Conjugate();
        a = PowerOfParameter(a) * a.Frobenius();
        a = PowerOfParameter(PowerOfParameter(a)) * a.FrobeniusSquare() * a.Conjugate();
        return a * g.CyclotomicSquare() * g;
    }

    // The curve parameter is negative, and conjugation inverts in the cyclotomic subgroup.
    private static TTarget PowerOfParameter(in TTarget f) => f.PowerOfParameter().Conjugate();
}
