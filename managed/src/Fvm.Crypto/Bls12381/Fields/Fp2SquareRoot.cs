namespace Fvm.Crypto;

/// <summary>
/// Square roots in Fp2 from the root of the norm, by two exponentiations in Fp: G. Adj, F. Rodríguez-Henríquez, "Square root computation
/// over even extension fields", https://eprint.iacr.org/2012/685, algorithm 8, with 1/sqrt in place of divisions.
/// </summary>
internal static class Fp2SquareRoot<T>
    where T : struct, IPrimeField<T>
{
    internal static readonly T Half = T.Broadcast(
        Fp.Parse("0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd556"));

    /// <summary>A square root per lane; <paramref name="found"/> receives the lanes with a root (the others are undefined).</summary>
    public static Fp2<T> Compute(in Fp2<T> a, out int found)
    {
        T norm = a.Norm();
        Fp2<T> root = FromNormRoot(a, norm * FieldPower.InverseRoot(norm));
        found = (root.Square() - a).ZeroLanes;
        return root;
    }

    /// <summary>A square root of a square, given a root s of its norm.</summary>
    public static Fp2<T> FromNormRoot(in Fp2<T> a, in T s)
    {
        T t = RealSquare(a, s);
        return Complete(a, t, FieldPower.InverseRoot(t));
    }

    /// <summary>The square of the real part of the root, up to sign: (C0 + s)/2, or (C0 - s)/2 if that is zero.</summary>
    public static T RealSquare(in Fp2<T> a, in T s)
    {
        // (x + y u)^2 = a means x^2 = (C0 + s)/2 or (C0 - s)/2 (one of which is a square) and y = C1/(2x).
        T t = (a.C0 + s) * Half;
        return T.Select(t.ZeroLanes, (a.C0 - s) * Half, t);
    }

    /// <summary>A square root of a, from its <see cref="RealSquare"/> and the <see cref="FieldPower.InverseRoot"/> of that.</summary>
    public static Fp2<T> Complete(in Fp2<T> a, in T t, in T inverse)
    {
        T x = t * inverse;
        T y = a.C1 * inverse * Half;

        // If t is not a square, x^2 = -t and x * inverse = -1, and the root is -y + x u.
        int isSquare = (x.Square() - t).ZeroLanes;
        return new(T.Select(isSquare, x, -y), T.Select(isSquare, y, x));
    }
}
