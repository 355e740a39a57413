// The operations of the curves and the pairing on a field, so that the same code runs on single elements and on lanes of them.
namespace Fvm.Crypto;

/// <summary>
/// An element of a field, or several independent elements, one per lane, to which every operation applies alike. A set of lanes is a bit
/// mask: bit i is lane i.
/// </summary>
internal interface IField<T>
    where T : struct, IField<T>
{
    static abstract T Zero { get; }

    static abstract T One { get; }

    /// <summary>The lanes that are zero.</summary>
    int ZeroLanes { get; }

    static abstract T operator +(in T a, in T b);

    static abstract T operator -(in T a, in T b);

    static abstract T operator -(in T a);

    static abstract T operator *(in T a, in T b);

    /// <summary>
    /// A sum without reduction or carries, valid only as a factor of one product: by an element, or by another such sum.
    /// </summary>
    static abstract T SumForProduct(in T a, in T b);

    /// <summary>a - b - c.</summary>
    static abstract T SubtractBoth(in T a, in T b, in T c);

    T Double();

    T Square();

    /// <summary>The same element by a representative near zero, in fields whose sums are not reduced.</summary>
    T Reduce();

    /// <summary>1/this, or zero for zero.</summary>
    T Invert();

    /// <summary>Three times the constant of the curve over this field (y^2 = x^3 + b), times this.</summary>
    T MultiplyByThreeB();

    /// <summary>Per lane: <paramref name="chosen"/> where the mask has a bit, otherwise <paramref name="other"/>.</summary>
    static abstract T Select(int lanes, in T chosen, in T other);
}

/// <summary>The base field of BLS12-381, in one or several lanes.</summary>
internal interface IPrimeField<T> : IField<T>
    where T : struct, IPrimeField<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int LaneCount { get; }

    /// <summary>The lanes with an odd integer (RFC 9380, sgn0).</summary>
    int OddLanes { get; }

    /// <summary>The lanes with an integer above (p - 1)/2.</summary>
    int HighLanes { get; }

    /// <summary>The same element in every lane.</summary>
    static abstract T Broadcast(in Fp element);

    /// <summary>One element per lane, from at least <see cref="LaneCount"/> elements.</summary>
    static abstract T Load(ReadOnlySpan<Fp> elements);

    /// <summary>Writes the element of each lane.</summary>
    void Store(Span<Fp> elements);
}

/// <summary>The quadratic extension Fp2, field of definition of G2, in one or several lanes.</summary>
internal interface IQuadraticField<T> : IField<T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int LaneCount { get; }

    /// <summary>The same element in every lane.</summary>
    static abstract T Broadcast(in Fp2<Fp> element);

    /// <summary>One element per lane; lanes past the last element repeat it.</summary>
    static abstract T Load(ReadOnlySpan<Fp2<Fp>> elements);

    /// <summary>a + (1 + u) b.</summary>
    static abstract T AddTimesNonResidue(in T a, in T b);

    /// <summary>Writes the element of each lane, as many as fit.</summary>
    void Store(Span<Fp2<Fp>> elements);

    /// <summary>The image under Frobenius.</summary>
    T Conjugate();

    /// <summary>Times 1 + u, the non-residue under the sextic extension.</summary>
    T MultiplyByNonResidue();

    /// <summary>Times an element of Fp: <paramref name="real"/> has no part in u.</summary>
    T MultiplyByReal(in T real);
}
