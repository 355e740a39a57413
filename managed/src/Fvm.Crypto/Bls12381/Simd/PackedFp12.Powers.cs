using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <remarks>Powers by p and p^2, and powers in the cyclotomic subgroup, on two coefficients at a time.</remarks>
internal partial struct PackedFp12
{
    private static readonly PackedFp12 FrobeniusFactors = new(
        PairedFp2.Create(Fp2<Fp>.One, Fp12<Fp2<Fp>>.Power1),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Power2, Fp12<Fp2<Fp>>.Power3),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Power4, Fp12<Fp2<Fp>>.Power5));

    private static readonly PackedFp12 FrobeniusSquareFactors = new(
        PairedFp2.Create(Fp2<Fp>.One, Fp12<Fp2<Fp>>.Norm1),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Norm2, -Fp2<Fp>.One),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Norm4, Fp12<Fp2<Fp>>.Norm5));

    public readonly PackedFp12 Frobenius() => new(
        new PairedFp2(_c0).Conjugate() * new PairedFp2(FrobeniusFactors._c0),
        new PairedFp2(_c1).Conjugate() * new PairedFp2(FrobeniusFactors._c1),
        new PairedFp2(_c2).Conjugate() * new PairedFp2(FrobeniusFactors._c2));

    public readonly PackedFp12 FrobeniusSquare() => new(
        new PairedFp2(_c0).MultiplyByReal(new(FrobeniusSquareFactors._c0)),
        new PairedFp2(_c1).MultiplyByReal(new(FrobeniusSquareFactors._c1)),
        new PairedFp2(_c2).MultiplyByReal(new(FrobeniusSquareFactors._c2)));

    public readonly PackedFp12 CyclotomicSquare()
    {
        Rearrange(this, out PackedFp12 pairs);
        SquareCyclotomic(ref pairs);
        RearrangeBack(pairs, out PackedFp12 square);
        return square;
    }

    public readonly PackedFp12 PowerOfParameter()
    {
        // From the lowest bit up: the squares stay in the layout for squaring; only the few at set bits are converted back.
        PackedFp12 result = One;
        bool isOne = true;
        Rearrange(this, out PackedFp12 pairs);
        for (int bit = 0; ; bit++)
        {
            if (CurveParameter.IsSet(bit))
            {
                RearrangeBack(pairs, out PackedFp12 square);
                if (isOne)
                {
                    result = square;
                }
                else
                {
                    Multiply(result, square, out result);
                }

                isOne = false;
            }

            if (bit == CurveParameter.TopBit)
            {
                return result;
            }

            SquareCyclotomic(ref pairs);
        }
    }

    // The operands of each squaring in Fp4 into the slots of one vector: coefficients (0, 3), (1, 4) and (2, 5) of powers of w.
    private static void Rearrange(in PackedFp12 element, out PackedFp12 pairs)
    {
        pairs = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> c0 = element._c0[i];
            Vector256<double> c1 = element._c1[i];
            Vector256<double> c2 = element._c2[i];
            pairs._c0[i] = Slots.LowHigh(c0, c1);
            pairs._c1[i] = Slots.HighLow(c0, c2);
            pairs._c2[i] = Slots.LowHigh(c1, c2);
        }
    }

    private static void RearrangeBack(in PackedFp12 pairs, out PackedFp12 element)
    {
        element = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> a = pairs._c0[i];
            Vector256<double> b = pairs._c1[i];
            Vector256<double> c = pairs._c2[i];
            element._c0[i] = Slots.LowLow(a, b);
            element._c1[i] = Slots.LowHigh(c, a);
            element._c2[i] = Slots.HighHigh(b, c);
        }
    }

    // The same steps as Fp12<T>.CyclotomicSquare.
    private static void SquareCyclotomic(ref PackedFp12 pairs)
    {
        PrepareForFp4(pairs._c0, out FpLanes left, out FpLanes right);
        PrepareForFp4(pairs._c1, out FpLanes otherLeft, out FpLanes otherRight);
        FpLanes.MultiplyPairedTwice(left, right, out FpLanes a, otherLeft, otherRight, out FpLanes b);
        PrepareForFp4(pairs._c2, out left, out right);
        FpLanes.MultiplyPaired(left, right, out FpLanes c);
        Vector256<double> signs = Vector256.Create(-2.0, -2.0, 2.0, 2.0);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            // 3 (x^2 + y^2 s^2, 2 x y) + 2 (-x, y), and for the second vector 3 (2 x y s^2, x^2 + y^2 s^2) + 2 (x, -y).
            pairs._c0[i] = Fma.MultiplyAdd(FinishFp4Square(a[i]), Vector256.Create(3.0), pairs._c0[i] * signs);
            pairs._c2[i] = Fma.MultiplyAdd(FinishFp4Square(b[i]), Vector256.Create(3.0), pairs._c2[i] * signs);
            pairs._c1[i] = Fma.MultiplyAdd(FinishFp4SquareTimesNonResidue(c[i]), Vector256.Create(3.0), pairs._c1[i] * -signs);
        }

        // The results contain the doubled coefficients of the operand, which without reduction would grow with every squaring.
        FpLanes.Reduce(ref pairs._c0);
        FpLanes.Reduce(ref pairs._c1);
        FpLanes.Reduce(ref pairs._c2);
    }

    // The factors of m = (x + y)(x + y s^2) and n = x y for a pair (x, y), where s^2 = 1 + u: (x + y s)^2 = (m - n - n s^2) + 2 n s in Fp4.
    private static void PrepareForFp4(in FpLanes pair, out FpLanes left, out FpLanes right)
    {
        // Sums of two and sums of three limbs are valid factors of each other without carries.
        left = default;
        right = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = pair[i];
            Vector256<double> swapped = Slots.Swap(limb);
            left[i] = swapped + Slots.ZeroHigh(limb);
            right[i] = limb + Slots.ZeroHigh(Slots.TimesNonResidue(swapped));
        }
    }

    // (m - n - n s^2, 2 n)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishFp4Square(Vector256<double> products)
    {
        Vector256<double> n = Slots.BroadcastHigh(products);
        return Slots.LowHigh(products - n - Slots.TimesNonResidue(n), n + n);
    }

    // (2 n s^2, m - n - n s^2)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishFp4SquareTimesNonResidue(Vector256<double> products)
    {
        Vector256<double> n = Slots.BroadcastHigh(products);
        Vector256<double> nss = Slots.TimesNonResidue(n);
        return Slots.LowHigh(nss + nss, Slots.BroadcastLow(products) - n - nss);
    }
}
