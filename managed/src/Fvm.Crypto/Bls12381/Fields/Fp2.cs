// The quadratic extension Fp[u] / (u^2 + 1) under G2 and the target group.
namespace Fvm.Crypto.Bls12381;

/// <summary>C0 + C1 * u with u^2 = -1.</summary>
internal readonly struct Fp2<T>(T c0, T c1) : IField<Fp2<T>>
    where T : struct, IPrimeField<T>
{
    public readonly T C0 = c0;
    public readonly T C1 = c1;

    public static Fp2<T> Zero => default;

    public static Fp2<T> One => new(T.One, T.Zero);

    public int ZeroLanes => C0.ZeroLanes & C1.ZeroLanes;

    /// <summary>The lanes of sign 1 (RFC 9380, section 4.1): C0 is odd, or zero while C1 is odd.</summary>
    public int OddLanes => C0.OddLanes | (C0.ZeroLanes & C1.OddLanes);

    /// <summary>The lanes of the lexicographically larger y: C1 is more than (p - 1)/2, or zero while C0 is.</summary>
    public int HighLanes => C1.HighLanes | (C1.ZeroLanes & C0.HighLanes);

    /// <summary>A constant in every lane.</summary>
    public static Fp2<T> Parse(string c0, string c1) => new(T.Broadcast(Fp.Parse(c0)), T.Broadcast(Fp.Parse(c1)));

    public static Fp2<T> Select(int lanes, in Fp2<T> chosen, in Fp2<T> other) =>
        new(T.Select(lanes, chosen.C0, other.C0), T.Select(lanes, chosen.C1, other.C1));

    public static Fp2<T> operator +(in Fp2<T> a, in Fp2<T> b) => new(a.C0 + b.C0, a.C1 + b.C1);

    public static Fp2<T> operator -(in Fp2<T> a, in Fp2<T> b) => new(a.C0 - b.C0, a.C1 - b.C1);

    public static Fp2<T> operator -(in Fp2<T> a) => new(-a.C0, -a.C1);

    public static Fp2<T> operator *(in Fp2<T> a, in Fp2<T> b)
    {
        // Karatsuba: three multiplications.
        T v0 = a.C0 * b.C0;
        T v1 = a.C1 * b.C1;
        T sum = T.SumForProduct(a.C0, a.C1) * T.SumForProduct(b.C0, b.C1);
        return new(v0 - v1, T.SubtractBoth(sum, v0, v1));
    }

    public static Fp2<T> operator *(in Fp2<T> a, in T b) => new(a.C0 * b, a.C1 * b);

    public Fp2<T> Reduce() => new(C0.Reduce(), C1.Reduce());

    public Fp2<T> Double() => new(C0.Double(), C1.Double());

    public Fp2<T> Square()
    {
        T product = C0 * C1;
        return new(T.SumForProduct(C0, C1) * (C0 - C1), product.Double());
    }

    /// <summary>C0 - C1 * u: the image under Frobenius.</summary>
    public Fp2<T> Conjugate() => new(C0, -C1);

    /// <summary>C0^2 + C1^2.</summary>
    public T Norm() => C0.Square() + C1.Square();

    public Fp2<T> Invert()
    {
        T inverse = Norm().Invert();
        return new(C0 * inverse, -(C1 * inverse));
    }

    /// <summary>Times 1 + u, the non-residue under the sextic extension.</summary>
    public Fp2<T> MultiplyByNonResidue() => new(C0 - C1, C0 + C1);

    // G2 is on y^2 = x^3 + 4(1 + u).
    public Fp2<T> MultiplyByThreeB()
    {
        Fp2<T> four = MultiplyByNonResidue().Double().Double();
        return four.Double() + four;
    }
}
