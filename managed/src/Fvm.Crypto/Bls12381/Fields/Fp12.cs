// The quadratic extension Fp6[w] / (w^2 - v), where pairings have their values.
namespace Fvm.Crypto.Bls12381;

/// <summary>C0 + C1 * w with w^2 = v; in powers of w the coefficients are C0.C0, C1.C0, C0.C1, C1.C1, C0.C2, C1.C2.</summary>
internal readonly partial struct Fp12<T>(in Fp6<T> c0, in Fp6<T> c1) : ITargetField<Fp12<T>, T>
    where T : struct, IQuadraticField<T>
{
    public readonly Fp6<T> C0 = c0;
    public readonly Fp6<T> C1 = c1;

    public static Fp12<T> One => new(Fp6<T>.One, default);

    /// <summary>The lanes that are one.</summary>
    public int OneLanes => (C0.C0 - T.One).ZeroLanes & C0.C1.ZeroLanes & C0.C2.ZeroLanes
        & C1.C0.ZeroLanes & C1.C1.ZeroLanes & C1.C2.ZeroLanes;

    public static Fp12<T> Broadcast(in Fp12<Fp2<Fp>> element) => Lanes<T>.Broadcast(element);

    public static Fp12<T> Select(int lanes, in Fp12<T> chosen, in Fp12<T> other) =>
        new(Fp6<T>.Select(lanes, chosen.C0, other.C0), Fp6<T>.Select(lanes, chosen.C1, other.C1));

    public static Fp12<T> operator *(in Fp12<T> a, in Fp12<T> b)
    {
        Fp6<T> v0 = a.C0 * b.C0;
        Fp6<T> v1 = a.C1 * b.C1;
        Fp6<T> c1 = ((a.C0 + a.C1) * (b.C0 + b.C1)) - v0 - v1;
        return new(v0 + v1.MultiplyByNonResidue(), c1);
    }

    /// <summary>Times b0 + b1 * v + b4 * v * w: the shape of a line.</summary>
    public Fp12<T> MultiplyByLines(in T b0, in T b1, in T b4)
    {
        Fp6<T> v0 = C0.MultiplyBy01(b0, b1);
        Fp6<T> v1 = C1.MultiplyBy1(b4);
        Fp6<T> c1 = (C0 + C1).MultiplyBy01(b0, b1 + b4) - v0 - v1;
        return new(v0 + v1.MultiplyByNonResidue(), c1);
    }

    public Fp12<T> Square()
    {
        Fp6<T> product = C0 * C1;
        Fp6<T> c0 = ((C0 + C1) * (C0 + C1.MultiplyByNonResidue())) - product - product.MultiplyByNonResidue();
        return new(c0, product + product);
    }

    /// <summary>C0 - C1 * w: the image under Frobenius six times, and the inverse in the cyclotomic subgroup.</summary>
    public Fp12<T> Conjugate() => new(C0, -C1);

    public Fp12<T> Invert()
    {
        Fp6<T> inverse = (C0.Square() - C1.Square().MultiplyByNonResidue()).Invert();
        return new(C0 * inverse, -(C1 * inverse));
    }
}
