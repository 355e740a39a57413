using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fvm.Crypto;

/// <summary>
/// Two independent elements C0 + C1 * u in lanes (C0, C1, C0', C1'), a low and a high slot (<see cref="Slots"/>), for steps with two
/// independent operands (<c>Fp2&lt;FpLanes&gt;</c> needs four).
/// </summary>
/// <remarks>Sums are not inlined: a call writes its result to the destination, inlined code writes to a temporary and copies it.</remarks>
internal struct PairedFp2 : IQuadraticField<PairedFp2>
{
    private FpLanes _lanes;

    internal PairedFp2(in FpLanes lanes) => _lanes = lanes;

    public static int LaneCount => 2;

    public static PairedFp2 Zero => default;

    public static PairedFp2 One { get; } = Broadcast(Fp2<Fp>.One);

    public readonly int ZeroLanes
    {
        get
        {
            int lanes = _lanes.ZeroLanes;
            return ((lanes & 3) == 3 ? 1 : 0) | ((lanes & 12) == 12 ? 2 : 0);
        }
    }

    /// <summary>Both elements as lanes.</summary>
    [UnscopedRef]
    internal readonly ref readonly FpLanes Lanes => ref _lanes;

    public static PairedFp2 Select(int lanes, in PairedFp2 chosen, in PairedFp2 other) =>
        new(FpLanes.Select(((lanes & 1) * 3) | ((lanes & 2) * 6), chosen._lanes, other._lanes));

    public static PairedFp2 Broadcast(in Fp2<Fp> element) => Create(element, element);

    /// <summary>One element per slot.</summary>
    public static PairedFp2 Create(in Fp2<Fp> low, in Fp2<Fp> high) =>
        new(FpLanes.Load([low.C0, low.C1, high.C0, high.C1]));

    public static PairedFp2 Load(ReadOnlySpan<Fp2<Fp>> elements) => Create(elements[0], elements[Math.Min(1, elements.Length - 1)]);

    public readonly void Store(Span<Fp2<Fp>> elements)
    {
        Span<Fp> stored = stackalloc Fp[FpLanes.LaneCount];
        _lanes.Store(stored);
        elements[0] = new(stored[0], stored[1]);
        if (elements.Length > 1)
        {
            elements[1] = new(stored[2], stored[3]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PairedFp2 operator +(in PairedFp2 a, in PairedFp2 b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PairedFp2 operator -(in PairedFp2 a, in PairedFp2 b) => new(a._lanes - b._lanes);

    public static PairedFp2 operator -(in PairedFp2 a) => new(-a._lanes);

    public static PairedFp2 operator *(in PairedFp2 a, in PairedFp2 b)
    {
        PairedFp2 product = default;
        FpLanes.MultiplyPaired(a._lanes, b._lanes, out product._lanes);
        return product;
    }

    public static void MultiplyTwice(
        in PairedFp2 a, in PairedFp2 b, out PairedFp2 product, in PairedFp2 c, in PairedFp2 d, out PairedFp2 other)
    {
        product = default;
        other = default;
        FpLanes.MultiplyPairedTwice(a._lanes, b._lanes, out product._lanes, c._lanes, d._lanes, out other._lanes);
    }

    public static void SquareTwice(in PairedFp2 a, out PairedFp2 square, in PairedFp2 b, out PairedFp2 other)
    {
        square = default;
        other = default;
        FpLanes.SquarePairedTwice(a._lanes, out square._lanes, b._lanes, out other._lanes);
    }

    public static void MultiplyAndSquare(
        in PairedFp2 a, in PairedFp2 b, out PairedFp2 product, in PairedFp2 c, out PairedFp2 square)
    {
        product = default;
        square = default;
        FpLanes.MultiplyAndSquarePaired(a._lanes, b._lanes, out product._lanes, c._lanes, out square._lanes);
    }

    public static void MultiplyByRealTwice(
        in PairedFp2 a, in PairedFp2 real, out PairedFp2 product, in PairedFp2 c, in PairedFp2 otherReal, out PairedFp2 other)
    {
        product = default;
        other = default;
        FpLanes.MultiplyTwice(
            a._lanes, FpLanes.DuplicateReal(real._lanes), out product._lanes, c._lanes, FpLanes.DuplicateReal(otherReal._lanes), out other._lanes);
    }

    public static PairedFp2 SumForProduct(in PairedFp2 a, in PairedFp2 b) => new(FpLanes.SumForProduct(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PairedFp2 SubtractBoth(in PairedFp2 a, in PairedFp2 b, in PairedFp2 c) =>
        new(FpLanes.SubtractBoth(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PairedFp2 AddTimesNonResidue(in PairedFp2 a, in PairedFp2 b) =>
        new(FpLanes.AddPairedTimesNonResidue(a._lanes, b._lanes));

    public readonly PairedFp2 Double() => new(_lanes.Double());

    public readonly PairedFp2 Square() => new(FpLanes.SquarePaired(_lanes));

    public readonly PairedFp2 Reduce() => new(_lanes.Reduce());

    public readonly PairedFp2 Conjugate() => new(FpLanes.Scale(_lanes, Vector256.Create(1.0, -1, 1, -1)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly PairedFp2 MultiplyByNonResidue() => new(FpLanes.MultiplyPairedByNonResidue(_lanes));

    public readonly PairedFp2 MultiplyByReal(in PairedFp2 real) => new(_lanes * FpLanes.DuplicateReal(real._lanes));

    public readonly PairedFp2 MultiplyByThreeB() => new(FpLanes.MultiplyPairedByNonResidue(_lanes).MultiplyByThreeB());

    public readonly PairedFp2 Invert()
    {
        // One inversion for both (Montgomery's trick), with one in place of zeros.
        Span<Fp2<Fp>> elements = stackalloc Fp2<Fp>[2];
        Store(elements);
        Fp2<Fp> first = Fp2<Fp>.Select(elements[0].ZeroLanes, Fp2<Fp>.One, elements[0]);
        Fp2<Fp> second = Fp2<Fp>.Select(elements[1].ZeroLanes, Fp2<Fp>.One, elements[1]);
        Fp2<Fp> inverse = (first * second).Invert();
        return Create(
            Fp2<Fp>.Select(elements[0].ZeroLanes, Fp2<Fp>.Zero, inverse * second),
            Fp2<Fp>.Select(elements[1].ZeroLanes, Fp2<Fp>.Zero, inverse * first));
    }

    /// <summary>The low slot of one vector and the high slot of another.</summary>
    public static PairedFp2 LowHigh(in PairedFp2 a, in PairedFp2 b) => Select(1, a, b);
}
