// Powers by p and p^2, and powers in the cyclotomic subgroup, with two coefficients at a time.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

internal readonly partial struct FoldedFp12
{
    private static readonly FoldedFp12 FrobeniusFactors = new(
        PairedFp2.Create(Fp2<Fp>.One, Fp12<Fp2<Fp>>.Power1),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Power2, Fp12<Fp2<Fp>>.Power3),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Power4, Fp12<Fp2<Fp>>.Power5));

    private static readonly FoldedFp12 FrobeniusSquareFactors = new(
        PairedFp2.Create(Fp2<Fp>.One, Fp12<Fp2<Fp>>.Norm1),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Norm2, -Fp2<Fp>.One),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Norm4, Fp12<Fp2<Fp>>.Norm5));

    public FoldedFp12 Frobenius() => new(
        new PairedFp2(_c0).Conjugate() * new PairedFp2(FrobeniusFactors._c0),
        new PairedFp2(_c1).Conjugate() * new PairedFp2(FrobeniusFactors._c1),
        new PairedFp2(_c2).Conjugate() * new PairedFp2(FrobeniusFactors._c2));

    public FoldedFp12 FrobeniusSquare() => new(
        new PairedFp2(_c0).MultiplyByReal(new(FrobeniusSquareFactors._c0)),
        new PairedFp2(_c1).MultiplyByReal(new(FrobeniusSquareFactors._c1)),
        new PairedFp2(_c2).MultiplyByReal(new(FrobeniusSquareFactors._c2)));

    public FoldedFp12 CyclotomicSquare()
    {
        Rearrange(this, out FoldedFp12 pairs);
        SquareCyclotomic(ref pairs);
        RearrangeBack(pairs, out FoldedFp12 square);
        return square;
    }

    public FoldedFp12 PowerOfParameter()
    {
        // From the lowest bit up: few bits are set, so that few of the squares have to be put together.
        FoldedFp12 result = One;
        bool isOne = true;
        Rearrange(this, out FoldedFp12 pairs);
        for (int bit = 0; ; bit++)
        {
            if (CurveParameter.IsSet(bit))
            {
                RearrangeBack(pairs, out FoldedFp12 square);
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

    // Each two coefficients that one squaring in Fp4 takes, as a pair: (0, 3), (1, 4) and (2, 5) in powers of w.
    private static void Rearrange(in FoldedFp12 element, out FoldedFp12 pairs)
    {
        Unsafe.SkipInit(out pairs);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> c0 = FpLanes.Limb(element._c0, i);
            Vector256<double> c1 = FpLanes.Limb(element._c1, i);
            Vector256<double> c2 = FpLanes.Limb(element._c2, i);
            FpLanes.Limb(pairs._c0, i) = FpLanes.Choose(c0, c1);
            FpLanes.Limb(pairs._c1, i) = FpLanes.Cross(c0, c2);
            FpLanes.Limb(pairs._c2, i) = FpLanes.Choose(c1, c2);
        }
    }

    private static void RearrangeBack(in FoldedFp12 pairs, out FoldedFp12 element)
    {
        Unsafe.SkipInit(out element);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> a = FpLanes.Limb(pairs._c0, i);
            Vector256<double> b = FpLanes.Limb(pairs._c1, i);
            Vector256<double> c = FpLanes.Limb(pairs._c2, i);
            FpLanes.Limb(element._c0, i) = FpLanes.Firsts(a, b);
            FpLanes.Limb(element._c1, i) = FpLanes.Choose(c, a);
            FpLanes.Limb(element._c2, i) = FpLanes.Seconds(b, c);
        }
    }

    // The same steps as Fp12<T>.CyclotomicSquare.
    private static void SquareCyclotomic(ref FoldedFp12 pairs)
    {
        MultiplyForFp4(pairs._c0, out FpLanes a);
        MultiplyForFp4(pairs._c1, out FpLanes b);
        MultiplyForFp4(pairs._c2, out FpLanes c);
        Vector256<double> signs = Vector256.Create(-2.0, -2.0, 2.0, 2.0);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            // 3 (x^2 + y^2 s^2) and 3 (2 x y), and for one pair 3 (2 x y s^2) and 3 (x^2 + y^2 s^2), with the old pair times 2 (-, +) or
            // 2 (+, -).
            ref Vector256<double> first = ref FpLanes.Limb(pairs._c0, i);
            ref Vector256<double> second = ref FpLanes.Limb(pairs._c1, i);
            ref Vector256<double> third = ref FpLanes.Limb(pairs._c2, i);
            first = Fma.MultiplyAdd(FinishFp4Square(FpLanes.Limb(a, i)), Vector256.Create(3.0), first * signs);
            third = Fma.MultiplyAdd(FinishFp4Square(FpLanes.Limb(b, i)), Vector256.Create(3.0), third * signs);
            Vector256<double> turned = FinishTurnedFp4Square(FpLanes.Limb(c, i));
            second = Fma.MultiplyAdd(turned, Vector256.Create(3.0), second * -signs);
        }

        // These hand the old coefficients on, doubled: without a reduction they would grow from one squaring to the next.
        pairs._c0.ReduceInPlace();
        pairs._c1.ReduceInPlace();
        pairs._c2.ReduceInPlace();
    }

    // m = (x + y)(x + y s^2) and n = x y for a pair (x, y), where s^2 = 1 + u: what the square of x + y s in Fp4 is made of.
    private static void MultiplyForFp4(in FpLanes pair, out FpLanes products)
    {
        // Sums of two and of three need no carries to be multiplied with each other.
        Unsafe.SkipInit(out FpLanes left);
        Unsafe.SkipInit(out FpLanes right);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = FpLanes.Limb(pair, i);
            Vector256<double> swapped = FpLanes.Swap(limb);
            FpLanes.Limb(left, i) = swapped + FpLanes.KeepFirst(limb);
            FpLanes.Limb(right, i) = limb + FpLanes.KeepFirst(FpLanes.Turn(swapped));
        }

        FpLanes.MultiplyPaired(left, right, out products);
    }

    // m - n - n s^2 and 2 n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishFp4Square(Vector256<double> products)
    {
        Vector256<double> second = FpLanes.Second(products);
        return FpLanes.Choose(products - second - FpLanes.Turn(second), second + second);
    }

    // 2 n s^2 and m - n - n s^2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishTurnedFp4Square(Vector256<double> products)
    {
        Vector256<double> second = FpLanes.Second(products);
        Vector256<double> turned = FpLanes.Turn(second);
        return FpLanes.Choose(turned + turned, FpLanes.First(products) - second - turned);
    }
}
