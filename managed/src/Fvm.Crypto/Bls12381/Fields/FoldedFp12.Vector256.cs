// Fp12 with both of its coefficients in Fp6 side by side.
using System.Runtime.Intrinsics;

namespace Fvm.Crypto.Bls12381;

/// <summary>C0 + C1 * w with w^2 = v, as one element of Fp6 over pairs: C0 in the first slots, C1 in the second.</summary>
internal readonly partial struct FoldedFp12 : ITargetField<FoldedFp12, PairedFp2>
{
    private readonly Fp6<PairedFp2> _folded;

    private FoldedFp12(in Fp6<PairedFp2> folded) => _folded = folded;

    public static FoldedFp12 One => new(new(PairedFp2.One.KeepFirst(), default, default));

    public int OneLanes
    {
        get
        {
            int same = (_folded.C0 - PairedFp2.One.KeepFirst()).ZeroLanes & _folded.C1.ZeroLanes & _folded.C2.ZeroLanes;
            return same == 3 ? 1 : 0;
        }
    }

    public static FoldedFp12 Broadcast(in Fp12<Fp2<Fp>> element) => new(new(
        PairedFp2.Create(element.C0.C0, element.C1.C0),
        PairedFp2.Create(element.C0.C1, element.C1.C1),
        PairedFp2.Create(element.C0.C2, element.C1.C2)));

    /// <summary>The element, a coefficient at a time.</summary>
    public Fp12<Fp2<Fp>> ToSingle()
    {
        Span<Fp2<Fp>> elements = stackalloc Fp2<Fp>[6];
        _folded.C0.Store(elements);
        _folded.C1.Store(elements[2..]);
        _folded.C2.Store(elements[4..]);
        return new(new(elements[0], elements[2], elements[4]), new(elements[1], elements[3], elements[5]));
    }

    public static FoldedFp12 operator *(in FoldedFp12 a, in FoldedFp12 b)
    {
        // Karatsuba, with A0 B0 and A1 B1 in the slots.
        Fp6<PairedFp2> v = a._folded * b._folded;
        Fp6<PairedFp2> cross = MultiplySums(a._folded, b._folded);
        PairedFp2 turned = PairedFp2.AddTimesNonResidue(v.C0, v.C2.Swap());
        PairedFp2 c0 = PairedFp2.SubtractBoth(cross.C0, v.C0, v.C0.Swap());
        PairedFp2 c1 = PairedFp2.SubtractBoth(cross.C1, v.C1, v.C1.Swap());
        PairedFp2 c2 = PairedFp2.SubtractBoth(cross.C2, v.C2, v.C2.Swap());
        return new(new(
            PairedFp2.Blend(turned, c0), PairedFp2.Blend(v.C1 + v.C0.Swap(), c1), PairedFp2.Blend(v.C2 + v.C1.Swap(), c2)));
    }

    public FoldedFp12 MultiplyByLines(in PairedFp2 b0, in PairedFp2 b1, in PairedFp2 b4)
    {
        // Both lines first: Karatsuba for each two of their three coefficients.
        PairedFp2 s01 = PairedFp2.SumForProduct(b0, b1);
        PairedFp2 s04 = PairedFp2.SumForProduct(b0, b4);
        PairedFp2 s14 = PairedFp2.SumForProduct(b1, b4);
        PairedFp2 p01 = PairedFp2.Firsts(b0, b1) * PairedFp2.Seconds(b0, b1);
        PairedFp2 cross = PairedFp2.Firsts(s04, s14) * PairedFp2.Seconds(s04, s14);
        PairedFp2 p4 = PairedFp2.Firsts(b4, s01) * PairedFp2.Seconds(b4, s01);

        // (p0 + p4 (1 + u), cross01 - p0 - p1, p1) and (0, cross04 - p0 - p4, cross14 - p1 - p4)
        PairedFp2 c0 = PairedFp2.AddTimesNonResidue(p01, p4).KeepFirst();
        PairedFp2 c1 = PairedFp2.SubtractBoth(
            PairedFp2.Cross(p4, cross), PairedFp2.Firsts(p01, p01), PairedFp2.Cross(p01, p4));
        PairedFp2 c2 = PairedFp2.SubtractBoth(
            PairedFp2.Seconds(p01, cross), PairedFp2.Seconds(p01, p01).KeepSecond(), PairedFp2.Firsts(p4, p4).KeepSecond());
        return this * new FoldedFp12(new(c0, c1, c2));
    }

    public FoldedFp12 Square()
    {
        // C0 C1 and (C0 + C1)(C0 + C1 v) side by side.
        Fp6<PairedFp2> swapped = new(_folded.C0.Swap(), _folded.C1.Swap(), _folded.C2.Swap());
        Fp6<PairedFp2> sums = new(
            _folded.C0 + swapped.C0.KeepSecond(), _folded.C1 + swapped.C1.KeepSecond(), _folded.C2 + swapped.C2.KeepSecond());
        Fp6<PairedFp2> turned = new(
            PairedFp2.AddTimesNonResidue(swapped.C0, _folded.C2.KeepSecond()),
            swapped.C1 + _folded.C0.KeepSecond(),
            swapped.C2 + _folded.C1.KeepSecond());
        Fp6<PairedFp2> p = sums * turned;

        // (p' - p - v p, 2 p)
        return new(new(
            FinishSquare(p.C0, p.C2.MultiplyByNonResidue()), FinishSquare(p.C1, p.C0), FinishSquare(p.C2, p.C1)));
    }

    /// <summary>C0 - C1 * w.</summary>
    public FoldedFp12 Conjugate()
    {
        Vector256<double> signs = Vector256.Create(1.0, 1, -1, -1);
        return new(new(
            new(FpLanes.Scale(_folded.C0.Lanes, signs)),
            new(FpLanes.Scale(_folded.C1.Lanes, signs)),
            new(FpLanes.Scale(_folded.C2.Lanes, signs))));
    }

    public FoldedFp12 Invert() => Broadcast(ToSingle().Invert());

    // (second - first - carried, 2 first), from the first slots of two products and the second of one.
    private static PairedFp2 FinishSquare(in PairedFp2 product, in PairedFp2 carried)
    {
        PairedFp2 swapped = product.Swap();
        return PairedFp2.SubtractBoth(PairedFp2.SumForProduct(swapped, swapped.KeepSecond()), product.KeepFirst(), carried.KeepFirst());
    }

    // (A0 + A1)(B0 + B1), in both slots.
    private static Fp6<PairedFp2> MultiplySums(in Fp6<PairedFp2> a, in Fp6<PairedFp2> b)
    {
        // The products that Karatsuba's method asks for, in three pairs.
        PairedFp2 a0 = a.C0 + a.C0.Swap();
        PairedFp2 a1 = a.C1 + a.C1.Swap();
        PairedFp2 a2 = a.C2 + a.C2.Swap();
        PairedFp2 b0 = b.C0 + b.C0.Swap();
        PairedFp2 b1 = b.C1 + b.C1.Swap();
        PairedFp2 b2 = b.C2 + b.C2.Swap();
        PairedFp2 v01 = PairedFp2.Blend(a0, a1) * PairedFp2.Blend(b0, b1);
        PairedFp2 p = PairedFp2.Blend(a2, PairedFp2.SumForProduct(a1, a2)) * PairedFp2.Blend(b2, PairedFp2.SumForProduct(b1, b2));
        PairedFp2 q = PairedFp2.SumForProduct(a0, PairedFp2.Blend(a1, a2)) * PairedFp2.SumForProduct(b0, PairedFp2.Blend(b1, b2));
        PairedFp2 v0 = PairedFp2.Firsts(v01, v01);
        PairedFp2 v1 = PairedFp2.Seconds(v01, v01);
        PairedFp2 v2 = PairedFp2.Firsts(p, p);
        PairedFp2 c0 = PairedFp2.SubtractBoth(PairedFp2.Seconds(p, p), v1, v2);
        PairedFp2 c1 = PairedFp2.SubtractBoth(PairedFp2.Firsts(q, q), v0, v1);
        PairedFp2 c2 = PairedFp2.SubtractBoth(PairedFp2.Seconds(q, q), v0, v2);
        return new(PairedFp2.AddTimesNonResidue(v0, c0), PairedFp2.AddTimesNonResidue(c1, v2), c2 + v1);
    }
}
