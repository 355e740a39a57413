namespace Fvm.Crypto;

/// <summary>
/// The quadratic extension Fp[u] / (u^2 + 1), field of definition of G2 and base of the tower of the target field: C0 + C1 * u.
/// </summary>
internal readonly struct Fp2<T>(in T c0, in T c1) : IQuadraticField<Fp2<T>>
    where T : struct, IPrimeField<T>
{
    public readonly T C0 = c0;
    public readonly T C1 = c1;

    public static int LaneCount => T.LaneCount;

    public static Fp2<T> Zero => default;

    public static Fp2<T> One => new(T.One, T.Zero);

    public int ZeroLanes => C0.ZeroLanes & C1.ZeroLanes;

    /// <summary>The lanes with sign 1 (RFC 9380, section 4.1): C0 is odd, or C0 is zero and C1 is odd.</summary>
    public int OddLanes => C0.OddLanes | (C0.ZeroLanes & C1.OddLanes);

    /// <summary>The lanes with the lexicographically larger y: C1 exceeds (p - 1)/2, or C1 is zero and C0 exceeds it.</summary>
    public int HighLanes => C1.HighLanes | (C1.ZeroLanes & C0.HighLanes);

    /// <summary>A constant, as in <see cref="Fp.Parse"/>, broadcast to all lanes.</summary>
    public static Fp2<T> Parse(string c0, string c1) => new(T.Broadcast(Fp.Parse(c0)), T.Broadcast(Fp.Parse(c1)));

    public static Fp2<T> Broadcast(in Fp2<Fp> element) => new(T.Broadcast(element.C0), T.Broadcast(element.C1));

    public static Fp2<T> Load(ReadOnlySpan<Fp2<Fp>> elements)
    {
        Span<Fp> c0 = stackalloc Fp[T.LaneCount];
        Span<Fp> c1 = stackalloc Fp[T.LaneCount];
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            Fp2<Fp> element = elements[Math.Min(lane, elements.Length - 1)];
            c0[lane] = element.C0;
            c1[lane] = element.C1;
        }

        return new(T.Load(c0), T.Load(c1));
    }

    public void Store(Span<Fp2<Fp>> elements)
    {
        Span<Fp> c0 = stackalloc Fp[T.LaneCount];
        Span<Fp> c1 = stackalloc Fp[T.LaneCount];
        C0.Store(c0);
        C1.Store(c1);
        for (int lane = 0; lane < Math.Min(T.LaneCount, elements.Length); lane++)
        {
            elements[lane] = new(c0[lane], c1[lane]);
        }
    }

    public static Fp2<T> Select(int lanes, in Fp2<T> chosen, in Fp2<T> other) =>
        new(T.Select(lanes, chosen.C0, other.C0), T.Select(lanes, chosen.C1, other.C1));

    public static Fp2<T> operator +(in Fp2<T> a, in Fp2<T> b) => new(a.C0 + b.C0, a.C1 + b.C1);

    public static Fp2<T> operator -(in Fp2<T> a, in Fp2<T> b) => new(a.C0 - b.C0, a.C1 - b.C1);

    public static Fp2<T> operator -(in Fp2<T> a) => new(-a.C0, -a.C1);

    public static Fp2<T> operator *(in Fp2<T> a, in Fp2<T> b)
    {
        // Karatsuba: three multiplications.
        T.MultiplyTwice(a.C0, b.C0, out T v0, a.C1, b.C1, out T v1);
        T sum = T.SumForProduct(a.C0, a.C1) * T.SumForProduct(b.C0, b.C1);
        return new(v0 - v1, T.SubtractBoth(sum, v0, v1));
    }

    /// <inheritdoc/>
    public static void MultiplyTwice(
        in Fp2<T> a, in Fp2<T> b, out Fp2<T> product, in Fp2<T> c, in Fp2<T> d, out Fp2<T> other)
    {
        // As above; the third products of both make a pair, too.
        T.MultiplyTwice(a.C0, b.C0, out T v0, a.C1, b.C1, out T v1);
        T.MultiplyTwice(c.C0, d.C0, out T w0, c.C1, d.C1, out T w1);
        T.MultiplyTwice(
            T.SumForProduct(a.C0, a.C1), T.SumForProduct(b.C0, b.C1), out T sum,
            T.SumForProduct(c.C0, c.C1), T.SumForProduct(d.C0, d.C1), out T otherSum);
        product = new(v0 - v1, T.SubtractBoth(sum, v0, v1));
        other = new(w0 - w1, T.SubtractBoth(otherSum, w0, w1));
    }

    // Reduced or carried, unlike in Fp: the multiplication adds the coefficients once more.
    public static Fp2<T> SumForProduct(in Fp2<T> a, in Fp2<T> b) => a + b;

    public static Fp2<T> SubtractBoth(in Fp2<T> a, in Fp2<T> b, in Fp2<T> c) =>
        new(T.SubtractBoth(a.C0, b.C0, c.C0), T.SubtractBoth(a.C1, b.C1, c.C1));

    public static Fp2<T> AddTimesNonResidue(in Fp2<T> a, in Fp2<T> b) => a + b.MultiplyByNonResidue();

    public Fp2<T> Reduce() => new(C0.Reduce(), C1.Reduce());

    public Fp2<T> Double() => new(C0.Double(), C1.Double());

    public Fp2<T> Square()
    {
        T.MultiplyTwice(C0, C1, out T product, T.SumForProduct(C0, C1), C0 - C1, out T real);
        return new(real, product.Double());
    }

    public Fp2<T> Conjugate() => new(C0, -C1);

    /// <summary>C0^2 + C1^2.</summary>
    public T Norm()
    {
        T.MultiplyTwice(C0, C0, out T v0, C1, C1, out T v1);
        return v0 + v1;
    }

    public Fp2<T> Invert()
    {
        T inverse = Norm().Invert();
        T.MultiplyTwice(C0, inverse, out T c0, C1, inverse, out T c1);
        return new(c0, -c1);
    }

    public Fp2<T> MultiplyByNonResidue() => new(C0 - C1, C0 + C1);

    public Fp2<T> MultiplyByReal(in Fp2<T> real)
    {
        T.MultiplyTwice(C0, real.C0, out T c0, C1, real.C0, out T c1);
        return new(c0, c1);
    }

    // The equation of G2 is y^2 = x^3 + 4(1 + u).
    public Fp2<T> MultiplyByThreeB()
    {
        Fp2<T> four = MultiplyByNonResidue().Double().Double();
        return four.Double() + four;
    }
}
