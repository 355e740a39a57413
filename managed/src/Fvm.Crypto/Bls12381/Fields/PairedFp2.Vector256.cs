// Two elements of Fp2 in the lanes of a vector, so that no lane idles where two things are to be done in the same way.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fvm.Crypto.Bls12381;

/// <summary>Two independent elements C0 + C1 * u side by side, each in a slot of two lanes: (C0, C1, C0', C1').</summary>
/// <remarks>Sums are calls that make their result where it is wanted; inlined, they would make it elsewhere and copy it.</remarks>
internal readonly struct PairedFp2 : IQuadraticField<PairedFp2>
{
    private readonly FpLanes _lanes;

    internal PairedFp2(in FpLanes lanes) => _lanes = lanes;

    public static int LaneCount => 2;

    public static PairedFp2 Zero => default;

    public static PairedFp2 One { get; } = Broadcast(Fp2<Fp>.One);

    public int ZeroLanes
    {
        get
        {
            int lanes = _lanes.ZeroLanes;
            return ((lanes & 3) == 3 ? 1 : 0) | ((lanes & 12) == 12 ? 2 : 0);
        }
    }

    /// <summary>The lanes themselves.</summary>
    internal FpLanes Lanes => _lanes;

    public static PairedFp2 Select(int lanes, in PairedFp2 chosen, in PairedFp2 other) =>
        new(FpLanes.Select(((lanes & 1) * 3) | ((lanes & 2) * 6), chosen._lanes, other._lanes));

    public static PairedFp2 Broadcast(in Fp2<Fp> element) => Create(element, element);

    /// <summary>One element for each slot.</summary>
    public static PairedFp2 Create(in Fp2<Fp> first, in Fp2<Fp> second) =>
        new(FpLanes.Load([first.C0, first.C1, second.C0, second.C1]));

    public static PairedFp2 Load(ReadOnlySpan<Fp2<Fp>> elements) => Create(elements[0], elements[Math.Min(1, elements.Length - 1)]);

    public void Store(Span<Fp2<Fp>> elements)
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
        Unsafe.SkipInit(out PairedFp2 product);
        FpLanes.MultiplyPaired(a._lanes, b._lanes, out Unsafe.AsRef(in product._lanes));
        return product;
    }

    public static PairedFp2 SumForProduct(in PairedFp2 a, in PairedFp2 b) => new(FpLanes.SumForProduct(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PairedFp2 SubtractBoth(in PairedFp2 a, in PairedFp2 b, in PairedFp2 c) =>
        new(FpLanes.SubtractBoth(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PairedFp2 AddTimesNonResidue(in PairedFp2 a, in PairedFp2 b) =>
        new(FpLanes.AddPairedTimesNonResidue(a._lanes, b._lanes));

    public PairedFp2 Double() => new(_lanes.Double());

    public PairedFp2 Square() => new(FpLanes.SquarePaired(_lanes));

    public PairedFp2 Reduce() => new(_lanes.Reduce());

    public PairedFp2 Conjugate() => new(FpLanes.Scale(_lanes, Vector256.Create(1.0, -1, 1, -1)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public PairedFp2 MultiplyByNonResidue() => new(FpLanes.MultiplyPairedByNonResidue(_lanes));

    public PairedFp2 MultiplyByReal(in PairedFp2 real) => new(_lanes * FpLanes.DuplicateReal(real._lanes));

    public PairedFp2 MultiplyByThreeB() => new(FpLanes.MultiplyPairedByNonResidue(_lanes).MultiplyByThreeB());

    public PairedFp2 Invert()
    {
        // One inversion for both; a zero must not spoil the other.
        Span<Fp2<Fp>> elements = stackalloc Fp2<Fp>[2];
        Store(elements);
        Fp2<Fp> first = Fp2<Fp>.Select(elements[0].ZeroLanes, Fp2<Fp>.One, elements[0]);
        Fp2<Fp> second = Fp2<Fp>.Select(elements[1].ZeroLanes, Fp2<Fp>.One, elements[1]);
        Fp2<Fp> inverse = (first * second).Invert();
        return Create(
            Fp2<Fp>.Select(elements[0].ZeroLanes, Fp2<Fp>.Zero, inverse * second),
            Fp2<Fp>.Select(elements[1].ZeroLanes, Fp2<Fp>.Zero, inverse * first));
    }

    /// <summary>The first slot of one vector and the second of another.</summary>
    public static PairedFp2 Blend(in PairedFp2 first, in PairedFp2 second) => Select(1, first, second);
}
