namespace Fvm.Crypto;

/// <summary>
/// The quadratic extension Fp6[w] / (w^2 - v), the target field of the pairing: C0 + C1 * w. In powers of w the coefficients are C0.C0,
/// C1.C0, C0.C1, C1.C1, C0.C2, C1.C2.
/// </summary>
internal readonly partial struct Fp12<T>(in Fp6<T> c0, in Fp6<T> c1) : ITargetField<Fp12<T>, T>
    where T : struct, IQuadraticField<T>
{
    public readonly Fp6<T> C0 = c0;
    public readonly Fp6<T> C1 = c1;

    public static Fp12<T> One => new(Fp6<T>.One, default);

    /// <summary>The lanes equal to one.</summary>
    public int OneLanes => (C0.C0 - T.One).ZeroLanes & C0.C1.ZeroLanes & C0.C2.ZeroLanes
        & C1.C0.ZeroLanes & C1.C1.ZeroLanes & C1.C2.ZeroLanes;

    public static Fp12<T> Broadcast(in Fp12<Fp2<Fp>> element) => new(
        new(T.Broadcast(element.C0.C0), T.Broadcast(element.C0.C1), T.Broadcast(element.C0.C2)),
        new(T.Broadcast(element.C1.C0), T.Broadcast(element.C1.C1), T.Broadcast(element.C1.C2)));

    /// <summary>Writes one element per lane, limited by the length of the span.</summary>
    public void Store(Span<Fp12<Fp2<Fp>>> elements)
    {
        int lanes = T.LaneCount;
        Span<Fp2<Fp>> coefficients = stackalloc Fp2<Fp>[6 * lanes];
        C0.C0.Store(coefficients[..lanes]);
        C0.C1.Store(coefficients.Slice(lanes, lanes));
        C0.C2.Store(coefficients.Slice(2 * lanes, lanes));
        C1.C0.Store(coefficients.Slice(3 * lanes, lanes));
        C1.C1.Store(coefficients.Slice(4 * lanes, lanes));
        C1.C2.Store(coefficients[(5 * lanes)..]);
        for (int lane = 0; lane < Math.Min(lanes, elements.Length); lane++)
        {
            Fp6<Fp2<Fp>> c0 = new(coefficients[lane], coefficients[lanes + lane], coefficients[(2 * lanes) + lane]);
            Fp6<Fp2<Fp>> c1 = new(coefficients[(3 * lanes) + lane], coefficients[(4 * lanes) + lane], coefficients[(5 * lanes) + lane]);
            elements[lane] = new(c0, c1);
        }
    }

    public static Fp12<T> Select(int lanes, in Fp12<T> chosen, in Fp12<T> other) =>
        new(Fp6<T>.Select(lanes, chosen.C0, other.C0), Fp6<T>.Select(lanes, chosen.C1, other.C1));

    public static Fp12<T> operator *(in Fp12<T> a, in Fp12<T> b)
    {
        Fp6<T> v0 = a.C0 * b.C0;
        Fp6<T> v1 = a.C1 * b.C1;
        Fp6<T> c1 = ((a.C0 + a.C1) * (b.C0 + b.C1)) - v0 - v1;
        return new(v0 + v1.MultiplyByNonResidue(), c1);
    }

    /// <summary>Multiplies by a line b0 + b1 * v + b4 * v * w.</summary>
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

    /// <summary>C0 - C1 * w: the power by p^6, and the inverse in the cyclotomic subgroup.</summary>
    public Fp12<T> Conjugate() => new(C0, -C1);

    public Fp12<T> Invert()
    {
        Fp6<T> inverse = (C0.Square() - C1.Square().MultiplyByNonResidue()).Invert();
        return new(C0 * inverse, -(C1 * inverse));
    }
}
