// What the curves and the pairing ask of a field, so that one text serves scalars and vectors of scalars.
namespace Fvm.Crypto.Bls12381;

/// <summary>
/// A field, or several independent elements of it side by side ("lanes") that every operation treats alike. Where lanes may differ,
/// a set of lanes is a bit mask, bit i for lane i.
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
    /// A sum that is only fit to be multiplied, by another such sum at most: it may leave out what keeps elements in range.
    /// </summary>
    static abstract T SumForProduct(in T a, in T b);

    /// <summary>a - b - c.</summary>
    static abstract T SubtractBoth(in T a, in T b, in T c);

    T Double();

    T Square();

    /// <summary>The same element from nearer to zero, where a field lets sums grow.</summary>
    T Reduce();

    /// <summary>1/this, or zero for zero.</summary>
    T Invert();

    /// <summary>Three times the constant of the curve over this field (y^2 = x^3 + b), times this.</summary>
    T MultiplyByThreeB();

    /// <summary>Lane by lane: <paramref name="chosen"/> where the mask has a bit, otherwise <paramref name="other"/>.</summary>
    static abstract T Select(int lanes, in T chosen, in T other);
}

/// <summary>The prime field under BLS12-381, in one or several lanes.</summary>
internal interface IPrimeField<T> : IField<T>
    where T : struct, IPrimeField<T>
{
    /// <summary>How many elements are side by side.</summary>
    static abstract int LaneCount { get; }

    /// <summary>The lanes whose number is odd (RFC 9380, sgn0).</summary>
    int OddLanes { get; }

    /// <summary>The lanes whose number is more than (p - 1)/2.</summary>
    int HighLanes { get; }

    /// <summary>The same element in every lane.</summary>
    static abstract T Broadcast(in Fp element);

    /// <summary>An element for each lane; at least <see cref="LaneCount"/> are given.</summary>
    static abstract T Load(ReadOnlySpan<Fp> elements);

    /// <summary>Writes the element of each lane.</summary>
    void Store(Span<Fp> elements);
}

/// <summary>The quadratic extension Fp2 under G2 and the target group, in one or several lanes.</summary>
internal interface IQuadraticField<T> : IField<T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>How many elements are side by side.</summary>
    static abstract int LaneCount { get; }

    /// <summary>The same element in every lane.</summary>
    static abstract T Broadcast(in Fp2<Fp> element);

    /// <summary>One element for each lane; lanes past the last repeat it.</summary>
    static abstract T Load(ReadOnlySpan<Fp2<Fp>> elements);

    /// <summary>a + (1 + u) b.</summary>
    static abstract T AddTimesNonResidue(in T a, in T b);

    /// <summary>Writes the element of each lane, as many as fit.</summary>
    void Store(Span<Fp2<Fp>> elements);

    /// <summary>The image under Frobenius.</summary>
    T Conjugate();

    /// <summary>Times 1 + u, the non-residue under the sextic extension.</summary>
    T MultiplyByNonResidue();

    /// <summary>Times an element without a part in u.</summary>
    T MultiplyByReal(in T real);
}
