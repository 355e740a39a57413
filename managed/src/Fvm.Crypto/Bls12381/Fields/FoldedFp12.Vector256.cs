// Fp12 with both of its coefficients in Fp6 side by side: A. Devegili et al., "Multiplication and Squaring on Pairing-Friendly Fields",
// https://eprint.iacr.org/2006/471. Sums between multiplications are taken limb by limb, with carries only where limbs grow too far.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fvm.Crypto.Bls12381;

/// <summary>C0 + C1 * w with w^2 = v, as three pairs: coefficient i of C0 in the first slot of pair i, that of C1 in the second.</summary>
internal readonly partial struct FoldedFp12 : ITargetField<FoldedFp12, PairedFp2>
{
    private readonly FpLanes _c0;
    private readonly FpLanes _c1;
    private readonly FpLanes _c2;

    private FoldedFp12(in PairedFp2 c0, in PairedFp2 c1, in PairedFp2 c2)
    {
        _c0 = c0.Lanes;
        _c1 = c1.Lanes;
        _c2 = c2.Lanes;
    }

    public static FoldedFp12 One => Broadcast(Fp12<Fp2<Fp>>.One);

    public int OneLanes => ToSingle().OneLanes;

    public static FoldedFp12 Broadcast(in Fp12<Fp2<Fp>> element) => new(
        PairedFp2.Create(element.C0.C0, element.C1.C0),
        PairedFp2.Create(element.C0.C1, element.C1.C1),
        PairedFp2.Create(element.C0.C2, element.C1.C2));

    /// <summary>The element, a coefficient at a time.</summary>
    public Fp12<Fp2<Fp>> ToSingle()
    {
        Span<Fp2<Fp>> elements = stackalloc Fp2<Fp>[6];
        new PairedFp2(_c0).Store(elements);
        new PairedFp2(_c1).Store(elements[2..]);
        new PairedFp2(_c2).Store(elements[4..]);
        return new(new(elements[0], elements[2], elements[4]), new(elements[1], elements[3], elements[5]));
    }

    public static FoldedFp12 operator *(in FoldedFp12 a, in FoldedFp12 b)
    {
        Multiply(a, b, out FoldedFp12 product);
        return product;
    }

    public FoldedFp12 MultiplyByLines(in PairedFp2 b0, in PairedFp2 b1, in PairedFp2 b4)
    {
        MultiplyLines(b0.Lanes, b1.Lanes, b4.Lanes, out FoldedFp12 lines);
        Multiply(this, lines, out FoldedFp12 product);
        return product;
    }

    public FoldedFp12 Square()
    {
        // C0 C1 and (C0 + C1)(C0 + C1 v) side by side.
        Unsafe.SkipInit(out FoldedFp12 left);
        Unsafe.SkipInit(out FoldedFp12 right);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> c0 = FpLanes.Limb(_c0, i);
            Vector256<double> c1 = FpLanes.Limb(_c1, i);
            Vector256<double> c2 = FpLanes.Limb(_c2, i);
            FpLanes.Limb(left._c0, i) = c0 + FpLanes.FirstAsSecond(c0);
            FpLanes.Limb(left._c1, i) = c1 + FpLanes.FirstAsSecond(c1);
            FpLanes.Limb(left._c2, i) = c2 + FpLanes.FirstAsSecond(c2);
            FpLanes.Limb(right._c0, i) = FpLanes.Swap(c0) + FpLanes.KeepSecond(FpLanes.Turn(c2));
            FpLanes.Limb(right._c1, i) = FpLanes.Swap(c1) + FpLanes.KeepSecond(c0);
            FpLanes.Limb(right._c2, i) = FpLanes.Swap(c2) + FpLanes.KeepSecond(c1);
        }

        Carry(left);
        Carry(right);
        MultiplySlots(left, right, out FoldedFp12 p);

        // (second - first - first v, 2 first)
        Unsafe.SkipInit(out FoldedFp12 square);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> p0 = FpLanes.Limb(p._c0, i);
            Vector256<double> p1 = FpLanes.Limb(p._c1, i);
            Vector256<double> p2 = FpLanes.Limb(p._c2, i);
            FpLanes.Limb(square._c0, i) = FinishSquare(p0, FpLanes.Turn(p2));
            FpLanes.Limb(square._c1, i) = FinishSquare(p1, p0);
            FpLanes.Limb(square._c2, i) = FinishSquare(p2, p1);
        }

        Carry(square);
        return square;
    }

    /// <summary>C0 - C1 * w.</summary>
    public FoldedFp12 Conjugate()
    {
        Unsafe.SkipInit(out FoldedFp12 result);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> signs = Vector256.Create(1.0, 1, -1, -1);
            FpLanes.Limb(result._c0, i) = FpLanes.Limb(_c0, i) * signs;
            FpLanes.Limb(result._c1, i) = FpLanes.Limb(_c1, i) * signs;
            FpLanes.Limb(result._c2, i) = FpLanes.Limb(_c2, i) * signs;
        }

        return result;
    }

    public FoldedFp12 Invert()
    {
        // (C0 - C1 w) / (C0^2 - C1^2 v)
        MultiplySlots(this, this, out FoldedFp12 squares);
        Fp12<Fp2<Fp>> single = squares.ToSingle();
        Fp6<Fp2<Fp>> inverse = (single.C0 - single.C1.MultiplyByNonResidue()).Invert();
        MultiplySlots(Conjugate(), Broadcast(new(inverse, inverse)), out FoldedFp12 result);
        return result;
    }

    // Karatsuba's method in Fp12: A0 B0 and A1 B1 in the slots, and (A0 + A1)(B0 + B1).
    private static void Multiply(in FoldedFp12 a, in FoldedFp12 b, out FoldedFp12 product)
    {
        MultiplySlots(a, b, out FoldedFp12 v);
        MultiplySums(a, b, out FoldedFp12 sums);

        // (A0 B0 + A1 B1 v, sums - A0 B0 - A1 B1)
        Unsafe.SkipInit(out product);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> v0 = FpLanes.Limb(v._c0, i);
            Vector256<double> v1 = FpLanes.Limb(v._c1, i);
            Vector256<double> v2 = FpLanes.Limb(v._c2, i);
            Vector256<double> s0 = FpLanes.Swap(v0);
            Vector256<double> s1 = FpLanes.Swap(v1);
            Vector256<double> s2 = FpLanes.Swap(v2);
            FpLanes.Limb(product._c0, i) = FpLanes.Choose(v0 + FpLanes.Turn(s2), FpLanes.Limb(sums._c0, i) - v0 - s0);
            FpLanes.Limb(product._c1, i) = FpLanes.Choose(v1 + s0, FpLanes.Limb(sums._c1, i) - v1 - s1);
            FpLanes.Limb(product._c2, i) = FpLanes.Choose(v2 + s1, FpLanes.Limb(sums._c2, i) - v2 - s2);
        }

        Carry(product);
    }

    // The products in Fp6 of both first and both second slots, by Karatsuba's method.
    private static void MultiplySlots(in FoldedFp12 a, in FoldedFp12 b, out FoldedFp12 product)
    {
        FpLanes.MultiplyPaired(a._c0, b._c0, out FpLanes v0);
        FpLanes.MultiplyPaired(a._c1, b._c1, out FpLanes v1);
        FpLanes.MultiplyPaired(a._c2, b._c2, out FpLanes v2);
        MultiplyPairedSums(a._c1, a._c2, b._c1, b._c2, out FpLanes m12);
        MultiplyPairedSums(a._c0, a._c1, b._c0, b._c1, out FpLanes m01);
        MultiplyPairedSums(a._c0, a._c2, b._c0, b._c2, out FpLanes m02);
        Unsafe.SkipInit(out product);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Join(
                FpLanes.Limb(v0, i), FpLanes.Limb(v1, i), FpLanes.Limb(v2, i),
                FpLanes.Limb(m12, i), FpLanes.Limb(m01, i), FpLanes.Limb(m02, i),
                out FpLanes.Limb(product._c0, i), out FpLanes.Limb(product._c1, i), out FpLanes.Limb(product._c2, i));
        }

        Carry(product);
    }

    private static void MultiplyPairedSums(in FpLanes a, in FpLanes b, in FpLanes c, in FpLanes d, out FpLanes product)
    {
        Unsafe.SkipInit(out FpLanes left);
        Unsafe.SkipInit(out FpLanes right);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            FpLanes.Limb(left, i) = FpLanes.Limb(a, i) + FpLanes.Limb(b, i);
            FpLanes.Limb(right, i) = FpLanes.Limb(c, i) + FpLanes.Limb(d, i);
        }

        FpLanes.MultiplyPaired(left, right, out product);
    }

    // (A0 + A1)(B0 + B1) in Fp6, in both slots, with limbs of up to seven times the normal size.
    private static void MultiplySums(in FoldedFp12 a, in FoldedFp12 b, out FoldedFp12 product)
    {
        // The six products that Karatsuba's method asks for, in three pairs: (0, 1), (2, 1 + 2), (0 + 1, 0 + 2).
        AddForPairs(a, out FoldedFp12 left);
        AddForPairs(b, out FoldedFp12 right);
        left._c1.CarryInPlace();
        left._c2.CarryInPlace();
        FpLanes.MultiplyPaired(left._c0, right._c0, out FpLanes p);
        FpLanes.MultiplyPaired(left._c1, right._c1, out FpLanes q);
        FpLanes.MultiplyPaired(left._c2, right._c2, out FpLanes r);
        Unsafe.SkipInit(out product);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> first = FpLanes.Limb(p, i);
            Vector256<double> second = FpLanes.Limb(q, i);
            Vector256<double> third = FpLanes.Limb(r, i);
            Join(
                FpLanes.First(first), FpLanes.Second(first), FpLanes.First(second),
                FpLanes.Second(second), FpLanes.First(third), FpLanes.Second(third),
                out FpLanes.Limb(product._c0, i), out FpLanes.Limb(product._c1, i), out FpLanes.Limb(product._c2, i));
        }
    }

    private static void AddForPairs(in FoldedFp12 a, out FoldedFp12 pairs)
    {
        Unsafe.SkipInit(out pairs);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> s0 = FpLanes.Limb(a._c0, i) + FpLanes.Swap(FpLanes.Limb(a._c0, i));
            Vector256<double> s1 = FpLanes.Limb(a._c1, i) + FpLanes.Swap(FpLanes.Limb(a._c1, i));
            Vector256<double> s2 = FpLanes.Limb(a._c2, i) + FpLanes.Swap(FpLanes.Limb(a._c2, i));
            FpLanes.Limb(pairs._c0, i) = FpLanes.Choose(s0, s1);
            FpLanes.Limb(pairs._c1, i) = s2 + FpLanes.KeepSecond(s1);
            FpLanes.Limb(pairs._c2, i) = s0 + FpLanes.Choose(s1, s2);
        }
    }

    // Both lines' product: Karatsuba's method for each two of their three coefficients.
    private static void MultiplyLines(in FpLanes b0, in FpLanes b1, in FpLanes b4, out FoldedFp12 product)
    {
        // b0 and b1, 0 + 4 and 1 + 4, 4 and 0 + 1: the first line's on the left, the second's on the right.
        Unsafe.SkipInit(out FoldedFp12 left);
        Unsafe.SkipInit(out FoldedFp12 right);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> l0 = FpLanes.Limb(b0, i);
            Vector256<double> l1 = FpLanes.Limb(b1, i);
            Vector256<double> l4 = FpLanes.Limb(b4, i);
            FpLanes.Limb(left._c0, i) = FpLanes.Firsts(l0, l1);
            FpLanes.Limb(right._c0, i) = FpLanes.Seconds(l0, l1);
            FpLanes.Limb(left._c1, i) = FpLanes.Firsts(l0 + l4, l1 + l4);
            FpLanes.Limb(right._c1, i) = FpLanes.Seconds(l0 + l4, l1 + l4);
            FpLanes.Limb(left._c2, i) = FpLanes.Firsts(l4, l0 + l1);
            FpLanes.Limb(right._c2, i) = FpLanes.Seconds(l4, l0 + l1);
        }

        FpLanes.MultiplyPaired(left._c0, right._c0, out FpLanes p);
        FpLanes.MultiplyPaired(left._c1, right._c1, out FpLanes q);
        FpLanes.MultiplyPaired(left._c2, right._c2, out FpLanes r);

        // (p0 + p4 (1 + u), p01 - p0 - p1, p1) and (0, p04 - p0 - p4, p14 - p1 - p4)
        Unsafe.SkipInit(out product);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> p01 = FpLanes.Limb(p, i);
            Vector256<double> cross = FpLanes.Limb(q, i);
            Vector256<double> p4 = FpLanes.Limb(r, i);
            FpLanes.Limb(product._c0, i) = FpLanes.KeepFirst(p01 + FpLanes.Turn(p4));
            FpLanes.Limb(product._c1, i) = FpLanes.Cross(p4, cross) - FpLanes.First(p01) - FpLanes.Cross(p01, p4);
            FpLanes.Limb(product._c2, i) = FpLanes.Seconds(p01, cross) - FpLanes.KeepSecond(p01 + FpLanes.First(p4));
        }

        Carry(product);
    }

    // The coefficients of a product in Fp6 from v0, v1, v2 and the products of sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(
        Vector256<double> v0, Vector256<double> v1, Vector256<double> v2,
        Vector256<double> m12, Vector256<double> m01, Vector256<double> m02,
        out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2)
    {
        c0 = v0 + FpLanes.Turn(m12 - v1 - v2);
        c1 = m01 - v0 - v1 + FpLanes.Turn(v2);
        c2 = m02 - v0 - v2 + v1;
    }

    // (second - first - carried, 2 first)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishSquare(Vector256<double> product, Vector256<double> carried)
    {
        Vector256<double> swapped = FpLanes.Swap(product);
        return FpLanes.Choose(swapped - product - carried, swapped + swapped);
    }

    private static void Carry(in FoldedFp12 element)
    {
        element._c0.CarryInPlace();
        element._c1.CarryInPlace();
        element._c2.CarryInPlace();
    }
}
