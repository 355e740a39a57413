namespace Fvm.Crypto;

/// <summary>
/// A field element, or several independent elements, one per lane, with every operation applied to each. The same code of curves and
/// pairing thus runs on single elements and on lanes. A set of lanes is a bit mask: bit i is lane i.
/// </summary>
internal interface IField<T>
    where T : struct, IField<T>
{
    static abstract T Zero { get; }

    static abstract T One { get; }

    /// <summary>The lanes equal to zero.</summary>
    int ZeroLanes { get; }

    static abstract T operator +(in T a, in T b);

    static abstract T operator -(in T a, in T b);

    static abstract T operator -(in T a);

    static abstract T operator *(in T a, in T b);

    /// <summary>A sum without reduction or carries, valid only as a factor of one product with an element or another such sum.</summary>
    static abstract T SumForProduct(in T a, in T b);

    /// <summary>a - b - c.</summary>
    static abstract T SubtractBoth(in T a, in T b, in T c);

    T Double();

    T Square();

    /// <summary>The same element with a representative near zero, in fields with unreduced sums.</summary>
    T Reduce();

    /// <summary>1/this, or zero for zero.</summary>
    T Invert();

    /// <summary>This times three times b, the constant of the curve equation y^2 = x^3 + b over this field.</summary>
    T MultiplyByThreeB();

    /// <summary>Per lane: <paramref name="chosen"/> if the mask bit is set, otherwise <paramref name="other"/>.</summary>
    static abstract T Select(int lanes, in T chosen, in T other);

    /// <summary>Two independent products. No result may be an operand.</summary>
    static virtual void MultiplyTwice(in T a, in T b, out T product, in T c, in T d, out T other)
    {
        product = a * b;
        other = c * d;
    }
}

/// <summary>The base field of BLS12-381, in one or several lanes.</summary>
internal interface IPrimeField<T> : IField<T>
    where T : struct, IPrimeField<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int LaneCount { get; }

    /// <summary>The lanes with an odd integer representative (sgn0 of RFC 9380).</summary>
    int OddLanes { get; }

    /// <summary>The lanes with an integer representative above (p - 1)/2.</summary>
    int HighLanes { get; }

    /// <summary>The element in all lanes.</summary>
    static abstract T Broadcast(in Fp element);

    /// <summary>One element per lane, from at least <see cref="LaneCount"/> elements.</summary>
    static abstract T Load(ReadOnlySpan<Fp> elements);

    /// <summary>Writes one element per lane.</summary>
    void Store(Span<Fp> elements);
}

/// <summary>The quadratic extension Fp2, field of definition of G2, in one or several lanes.</summary>
internal interface IQuadraticField<T> : IField<T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int LaneCount { get; }

    /// <summary>The element in all lanes.</summary>
    static abstract T Broadcast(in Fp2<Fp> element);

    /// <summary>One element per lane; lanes past the last element repeat it.</summary>
    static abstract T Load(ReadOnlySpan<Fp2<Fp>> elements);

    /// <summary>a + (1 + u) b.</summary>
    static abstract T AddTimesNonResidue(in T a, in T b);

    /// <summary>Writes one element per lane, limited by the length of the span.</summary>
    void Store(Span<Fp2<Fp>> elements);

    /// <summary>The power by p.</summary>
    T Conjugate();

    /// <summary>Multiplies by 1 + u, the non-residue of the sextic extension.</summary>
    T MultiplyByNonResidue();

    /// <summary>Multiplies by an element of Fp: the imaginary part of <paramref name="real"/> is zero.</summary>
    T MultiplyByReal(in T real);

    /// <summary>Two independent squares. No result may be an operand, here and in the next two.</summary>
    static virtual void SquareTwice(in T a, out T square, in T b, out T other)
    {
        square = a.Square();
        other = b.Square();
    }

    /// <summary>A product and an independent square.</summary>
    static virtual void MultiplyAndSquare(in T a, in T b, out T product, in T c, out T square)
    {
        product = a * b;
        square = c.Square();
    }

    /// <summary>Two independent products with elements of Fp.</summary>
    static virtual void MultiplyByRealTwice(in T a, in T real, out T product, in T c, in T otherReal, out T other)
    {
        product = a.MultiplyByReal(real);
        other = c.MultiplyByReal(otherReal);
    }
}
