using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fvm.Crypto;

/// <summary>
/// C0 + C1 * w with w^2 = v, a single element of Fp12 in the lanes of three vectors per limb: vector i holds coefficient i of C0 in its low
/// slot, coefficient i of C1 in its high slot.
/// </summary>
/// <remarks>
/// Both coefficients in Fp6 are computed in parallel: A. Devegili et al., "Multiplication and Squaring on Pairing-Friendly Fields",
/// https://eprint.iacr.org/2006/471. Sums between multiplications are limb by limb, with carries only where the limbs would exceed the
/// bounds of a factor.
/// </remarks>
internal partial struct PackedFp12 : ITargetField<PackedFp12, PairedFp2>
{
    private FpLanes _c0;
    private FpLanes _c1;
    private FpLanes _c2;

    private PackedFp12(in PairedFp2 c0, in PairedFp2 c1, in PairedFp2 c2)
    {
        _c0 = c0.Lanes;
        _c1 = c1.Lanes;
        _c2 = c2.Lanes;
    }

    public static PackedFp12 One => Broadcast(Fp12<Fp2<Fp>>.One);

    public readonly int OneLanes => ToSingle().OneLanes;

    public static PackedFp12 Broadcast(in Fp12<Fp2<Fp>> element) => new(
        PairedFp2.Create(element.C0.C0, element.C1.C0),
        PairedFp2.Create(element.C0.C1, element.C1.C1),
        PairedFp2.Create(element.C0.C2, element.C1.C2));

    /// <summary>The element with single field elements as coefficients.</summary>
    public readonly Fp12<Fp2<Fp>> ToSingle()
    {
        Span<Fp2<Fp>> elements = stackalloc Fp2<Fp>[6];
        new PairedFp2(_c0).Store(elements);
        new PairedFp2(_c1).Store(elements[2..]);
        new PairedFp2(_c2).Store(elements[4..]);
        return new(new(elements[0], elements[2], elements[4]), new(elements[1], elements[3], elements[5]));
    }

    public static PackedFp12 operator *(in PackedFp12 a, in PackedFp12 b)
    {
        Multiply(a, b, out PackedFp12 product);
        return product;
    }

    public readonly PackedFp12 MultiplyByLines(in PairedFp2 b0, in PairedFp2 b1, in PairedFp2 b4)
    {
        MultiplyLines(b0.Lanes, b1.Lanes, b4.Lanes, out PackedFp12 lines);
        Multiply(this, lines, out PackedFp12 product);
        return product;
    }

    public readonly PackedFp12 Square()
    {
        // (C0 C1, (C0 + C1)(C0 + C1 v))
        PackedFp12 left = default;
        PackedFp12 right = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> c0 = _c0[i];
            Vector256<double> c1 = _c1[i];
            Vector256<double> c2 = _c2[i];
            left._c0[i] = c0 + Slots.ShiftLowToHigh(c0);
            left._c1[i] = c1 + Slots.ShiftLowToHigh(c1);
            left._c2[i] = c2 + Slots.ShiftLowToHigh(c2);
            right._c0[i] = Slots.Swap(c0) + Slots.ZeroLow(Slots.TimesNonResidue(c2));
            right._c1[i] = Slots.Swap(c1) + Slots.ZeroLow(c0);
            right._c2[i] = Slots.Swap(c2) + Slots.ZeroLow(c1);
        }

        Carry(ref left);
        Carry(ref right);
        MultiplySlots(left, right, out PackedFp12 p);

        // (high - low - low v, 2 low)
        PackedFp12 square = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> p0 = p._c0[i];
            Vector256<double> p1 = p._c1[i];
            Vector256<double> p2 = p._c2[i];
            square._c0[i] = FinishSquare(p0, Slots.TimesNonResidue(p2));
            square._c1[i] = FinishSquare(p1, p0);
            square._c2[i] = FinishSquare(p2, p1);
        }

        Carry(ref square);
        return square;
    }

    /// <summary>C0 - C1 * w.</summary>
    public readonly PackedFp12 Conjugate()
    {
        PackedFp12 result = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> signs = Vector256.Create(1.0, 1, -1, -1);
            result._c0[i] = _c0[i] * signs;
            result._c1[i] = _c1[i] * signs;
            result._c2[i] = _c2[i] * signs;
        }

        return result;
    }

    public readonly PackedFp12 Invert()
    {
        // (C0 - C1 w) / (C0^2 - C1^2 v)
        MultiplySlots(this, this, out PackedFp12 squares);
        Fp12<Fp2<Fp>> single = squares.ToSingle();
        Fp6<Fp2<Fp>> inverse = (single.C0 - single.C1.MultiplyByNonResidue()).Invert();
        MultiplySlots(Conjugate(), Broadcast(new(inverse, inverse)), out PackedFp12 result);
        return result;
    }

    // Karatsuba multiplication in Fp12: (A0 B0, A1 B1) in the slots, and (A0 + A1)(B0 + B1).
    private static void Multiply(in PackedFp12 a, in PackedFp12 b, out PackedFp12 product)
    {
        MultiplySlots(a, b, out PackedFp12 v);
        MultiplySums(a, b, out PackedFp12 sums);

        // (A0 B0 + A1 B1 v, sums - A0 B0 - A1 B1)
        product = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> v0 = v._c0[i];
            Vector256<double> v1 = v._c1[i];
            Vector256<double> v2 = v._c2[i];
            Vector256<double> s0 = Slots.Swap(v0);
            Vector256<double> s1 = Slots.Swap(v1);
            Vector256<double> s2 = Slots.Swap(v2);
            product._c0[i] = Slots.LowHigh(v0 + Slots.TimesNonResidue(s2), sums._c0[i] - v0 - s0);
            product._c1[i] = Slots.LowHigh(v1 + s0, sums._c1[i] - v1 - s1);
            product._c2[i] = Slots.LowHigh(v2 + s1, sums._c2[i] - v2 - s2);
        }

        Carry(ref product);
    }

    // The products in Fp6 of the low slots and of the high slots, by Karatsuba multiplication.
    private static void MultiplySlots(in PackedFp12 a, in PackedFp12 b, out PackedFp12 product)
    {
        AddPaired(a._c1, a._c2, out FpLanes a12);
        AddPaired(b._c1, b._c2, out FpLanes b12);
        FpLanes.MultiplyPairedTwice(a._c0, b._c0, out FpLanes v0, a._c1, b._c1, out FpLanes v1);
        FpLanes.MultiplyPairedTwice(a._c2, b._c2, out FpLanes v2, a12, b12, out FpLanes m12);
        AddPaired(a._c0, a._c1, out FpLanes a01);
        AddPaired(b._c0, b._c1, out FpLanes b01);
        AddPaired(a._c0, a._c2, out FpLanes a02);
        AddPaired(b._c0, b._c2, out FpLanes b02);
        FpLanes.MultiplyPairedTwice(a01, b01, out FpLanes m01, a02, b02, out FpLanes m02);
        product = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            (product._c0[i], product._c1[i], product._c2[i]) = Interpolate(v0[i], v1[i], v2[i], m12[i], m01[i], m02[i]);
        }

        Carry(ref product);
    }

    // A valid factor of another such sum without carries.
    private static void AddPaired(in FpLanes a, in FpLanes b, out FpLanes sum)
    {
        sum = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            sum[i] = a[i] + b[i];
        }
    }

    // (A0 + A1)(B0 + B1) in Fp6, in both slots. Sums of four limbs need a carry.
    private static void MultiplySums(in PackedFp12 a, in PackedFp12 b, out PackedFp12 product)
    {
        // The six products of Karatsuba multiplication in three vectors: coefficients (0, 1), (2, 1 + 2), (0 + 1, 0 + 2).
        AddForSums(a, out PackedFp12 left);
        AddForSums(b, out PackedFp12 right);
        FpLanes.Carry(ref left._c1);
        FpLanes.Carry(ref left._c2);
        FpLanes.Carry(ref right._c1);
        FpLanes.Carry(ref right._c2);
        FpLanes.MultiplyPairedTwice(left._c0, right._c0, out FpLanes p, left._c1, right._c1, out FpLanes q);
        FpLanes.MultiplyPaired(left._c2, right._c2, out FpLanes r);
        product = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> first = p[i];
            Vector256<double> second = q[i];
            Vector256<double> third = r[i];
            (product._c0[i], product._c1[i], product._c2[i]) = Interpolate(
                Slots.BroadcastLow(first), Slots.BroadcastHigh(first), Slots.BroadcastLow(second),
                Slots.BroadcastHigh(second), Slots.BroadcastLow(third), Slots.BroadcastHigh(third));
        }
    }

    private static void AddForSums(in PackedFp12 a, out PackedFp12 pairs)
    {
        pairs = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> s0 = a._c0[i] + Slots.Swap(a._c0[i]);
            Vector256<double> s1 = a._c1[i] + Slots.Swap(a._c1[i]);
            Vector256<double> s2 = a._c2[i] + Slots.Swap(a._c2[i]);
            pairs._c0[i] = Slots.LowHigh(s0, s1);
            pairs._c1[i] = s2 + Slots.ZeroLow(s1);
            pairs._c2[i] = s0 + Slots.LowHigh(s1, s2);
        }
    }

    // The product of the lines in both slots: Karatsuba multiplication per pair of the three coefficients.
    private static void MultiplyLines(in FpLanes b0, in FpLanes b1, in FpLanes b4, out PackedFp12 product)
    {
        // Coefficients (0, 1), (0 + 4, 1 + 4), (4, 0 + 1): left from the line in the low slot, right from the line in the high slot.
        PackedFp12 left = default;
        PackedFp12 right = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> l0 = b0[i];
            Vector256<double> l1 = b1[i];
            Vector256<double> l4 = b4[i];
            left._c0[i] = Slots.LowLow(l0, l1);
            right._c0[i] = Slots.HighHigh(l0, l1);
            left._c1[i] = Slots.LowLow(l0 + l4, l1 + l4);
            right._c1[i] = Slots.HighHigh(l0 + l4, l1 + l4);
            left._c2[i] = Slots.LowLow(l4, l0 + l1);
            right._c2[i] = Slots.HighHigh(l4, l0 + l1);
        }

        FpLanes.MultiplyPairedTwice(left._c0, right._c0, out FpLanes p, left._c1, right._c1, out FpLanes q);
        FpLanes.MultiplyPaired(left._c2, right._c2, out FpLanes r);

        // (p0 + p4 (1 + u), p01 - p0 - p1, p1) and (0, p04 - p0 - p4, p14 - p1 - p4)
        product = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> p01 = p[i];
            Vector256<double> cross = q[i];
            Vector256<double> p4 = r[i];
            product._c0[i] = Slots.ZeroHigh(p01 + Slots.TimesNonResidue(p4));
            product._c1[i] = Slots.HighLow(p4, cross) - Slots.BroadcastLow(p01) - Slots.HighLow(p01, p4);
            product._c2[i] = Slots.HighHigh(p01, cross) - Slots.ZeroLow(p01 + Slots.BroadcastLow(p4));
        }

        Carry(ref product);
    }

    // The coefficients of a product in Fp6, from the products of coefficients v0, v1, v2 and of sums m12, m01, m02.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> C0, Vector256<double> C1, Vector256<double> C2) Interpolate(
        Vector256<double> v0, Vector256<double> v1, Vector256<double> v2,
        Vector256<double> m12, Vector256<double> m01, Vector256<double> m02) =>
        (v0 + Slots.TimesNonResidue(m12 - v1 - v2), m01 - v0 - v1 + Slots.TimesNonResidue(v2), m02 - v0 - v2 + v1);

    // (high - low - lowTimesV, 2 low); the high slot of lowTimesV is unused.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishSquare(Vector256<double> product, Vector256<double> lowTimesV)
    {
        Vector256<double> swapped = Slots.Swap(product);
        return Slots.LowHigh(swapped - product - lowTimesV, swapped + swapped);
    }

    private static void Carry(ref PackedFp12 element)
    {
        FpLanes.Carry(ref element._c0);
        FpLanes.Carry(ref element._c1);
        FpLanes.Carry(ref element._c2);
    }
}
