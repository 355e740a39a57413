namespace Fvm.Crypto;

/// <summary>
/// The cubic extension Fp2[v] / (v^3 - (1 + u)), C0 + C1 * v + C2 * v^2: A. Devegili et al., "Multiplication and Squaring on
/// Pairing-Friendly Fields", https://eprint.iacr.org/2006/471.
/// </summary>
internal readonly struct Fp6<T>(in T c0, in T c1, in T c2)
    where T : struct, IQuadraticField<T>
{
    public readonly T C0 = c0;
    public readonly T C1 = c1;
    public readonly T C2 = c2;

    public static Fp6<T> Zero => default;

    public static Fp6<T> One => new(T.One, default, default);

    public static Fp6<T> Select(int lanes, in Fp6<T> chosen, in Fp6<T> other) => new(
        T.Select(lanes, chosen.C0, other.C0), T.Select(lanes, chosen.C1, other.C1), T.Select(lanes, chosen.C2, other.C2));

    public static Fp6<T> operator +(in Fp6<T> a, in Fp6<T> b) => new(a.C0 + b.C0, a.C1 + b.C1, a.C2 + b.C2);

    public static Fp6<T> operator -(in Fp6<T> a, in Fp6<T> b) => new(a.C0 - b.C0, a.C1 - b.C1, a.C2 - b.C2);

    public static Fp6<T> operator -(in Fp6<T> a) => new(-a.C0, -a.C1, -a.C2);

    public static Fp6<T> operator *(in Fp6<T> a, in Fp6<T> b)
    {
        // Karatsuba: six multiplications in Fp2.
        T.MultiplyTwice(a.C0, b.C0, out T v0, a.C1, b.C1, out T v1);
        T.MultiplyTwice(a.C2, b.C2, out T v2, T.SumForProduct(a.C1, a.C2), T.SumForProduct(b.C1, b.C2), out T m12);
        T.MultiplyTwice(
            T.SumForProduct(a.C0, a.C1), T.SumForProduct(b.C0, b.C1), out T m01,
            T.SumForProduct(a.C0, a.C2), T.SumForProduct(b.C0, b.C2), out T m02);
        T c0 = T.SubtractBoth(m12, v1, v2);
        T c1 = T.SubtractBoth(m01, v0, v1);
        T c2 = T.SubtractBoth(m02, v0, v2);
        return new(T.AddTimesNonResidue(v0, c0), T.AddTimesNonResidue(c1, v2), c2 + v1);
    }

    /// <summary>Multiplies by b0 + b1 * v.</summary>
    public Fp6<T> MultiplyBy01(in T b0, in T b1)
    {
        T.MultiplyTwice(C0, b0, out T v0, C1, b1, out T v1);
        T.MultiplyTwice(C1 + C2, b1, out T m12, C0 + C2, b0, out T m02);
        T c0 = m12 - v1;
        T c1 = ((C0 + C1) * (b0 + b1)) - v0 - v1;
        T c2 = m02 - v0;
        return new(v0 + c0.MultiplyByNonResidue(), c1, c2 + v1);
    }

    /// <summary>Multiplies by b1 * v.</summary>
    public Fp6<T> MultiplyBy1(in T b1)
    {
        T.MultiplyTwice(C0, b1, out T c1, C1, b1, out T c2);
        return new((C2 * b1).MultiplyByNonResidue(), c1, c2);
    }

    /// <summary>Multiplies by v, the non-residue of the extension to Fp12.</summary>
    public Fp6<T> MultiplyByNonResidue() => new(C2.MultiplyByNonResidue(), C0, C1);

    public Fp6<T> Square()
    {
        // Chung and Hasan's SQR2.
        T s0 = C0.Square();
        T s1 = (C0 * C1).Double();
        T s2 = (C0 - C1 + C2).Square();
        T s3 = (C1 * C2).Double();
        T s4 = C2.Square();
        return new(s0 + s3.MultiplyByNonResidue(), s1 + s4.MultiplyByNonResidue(), s1 + s2 + s3 - s0 - s4);
    }

    public Fp6<T> Invert()
    {
        T t0 = C0.Square() - (C1 * C2).MultiplyByNonResidue();
        T t1 = C2.Square().MultiplyByNonResidue() - (C0 * C1);
        T t2 = C1.Square() - (C0 * C2);
        T norm = (C0 * t0) + ((C2 * t1) + (C1 * t2)).MultiplyByNonResidue();
        T inverse = norm.Invert();
        return new(t0 * inverse, t1 * inverse, t2 * inverse);
    }
}
