// Powers by p and p^2, and powers in the cyclotomic subgroup, with two coefficients at a time.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

internal readonly partial struct FoldedFp12
{
    private static readonly Fp6<PairedFp2> FrobeniusFactors = new(
        PairedFp2.Create(Fp2<Fp>.One, Fp12<Fp2<Fp>>.Power1),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Power2, Fp12<Fp2<Fp>>.Power3),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Power4, Fp12<Fp2<Fp>>.Power5));

    private static readonly Fp6<PairedFp2> FrobeniusSquareFactors = new(
        PairedFp2.Create(Fp2<Fp>.One, Fp12<Fp2<Fp>>.Norm1),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Norm2, -Fp2<Fp>.One),
        PairedFp2.Create(Fp12<Fp2<Fp>>.Norm4, Fp12<Fp2<Fp>>.Norm5));

    public FoldedFp12 Frobenius() => new(new(
        _folded.C0.Conjugate() * FrobeniusFactors.C0,
        _folded.C1.Conjugate() * FrobeniusFactors.C1,
        _folded.C2.Conjugate() * FrobeniusFactors.C2));

    public FoldedFp12 FrobeniusSquare() => new(new(
        _folded.C0.MultiplyByReal(FrobeniusSquareFactors.C0),
        _folded.C1.MultiplyByReal(FrobeniusSquareFactors.C1),
        _folded.C2.MultiplyByReal(FrobeniusSquareFactors.C2)));

    public FoldedFp12 CyclotomicSquare() => new Cyclotomic(this).Square().ToFolded();

    public FoldedFp12 PowerOfParameter()
    {
        // From the lowest bit up: few bits are set, so that few of the squares have to be put together.
        FoldedFp12 result = One;
        bool isOne = true;
        Cyclotomic square = new(this);
        for (int bit = 0; ; bit++)
        {
            if (CurveParameter.IsSet(bit))
            {
                result = isOne ? square.ToFolded() : result * square.ToFolded();
                isOne = false;
            }

            if (bit == CurveParameter.TopBit)
            {
                return result;
            }

            square = square.Square();
        }
    }

    // An element of the cyclotomic subgroup with each two coefficients in a pair that one squaring in Fp4 takes: (0, 3), (1, 4) and
    // (2, 5) in powers of w. The same steps as Fp12<T>.CyclotomicSquare.
    private readonly struct Cyclotomic
    {
        private readonly PairedFp2 _a;
        private readonly PairedFp2 _b;
        private readonly PairedFp2 _c;

        public Cyclotomic(in FoldedFp12 element)
            : this(
                PairedFp2.Blend(element._folded.C0, element._folded.C1),
                PairedFp2.Cross(element._folded.C0, element._folded.C2),
                PairedFp2.Blend(element._folded.C1, element._folded.C2))
        {
        }

        private Cyclotomic(in PairedFp2 a, in PairedFp2 b, in PairedFp2 c)
        {
            _a = a;
            _b = b;
            _c = c;
        }

        public FoldedFp12 ToFolded() => new(new(PairedFp2.Firsts(_a, _b), PairedFp2.Blend(_c, _a), PairedFp2.Seconds(_b, _c)));

        public Cyclotomic Square() => new(
            FpLanes.FinishFp4Square(FpLanes.MultiplyForFp4(_a.Lanes), _a.Lanes),
            FpLanes.FinishTurnedFp4Square(FpLanes.MultiplyForFp4(_c.Lanes), _b.Lanes),
            FpLanes.FinishFp4Square(FpLanes.MultiplyForFp4(_b.Lanes), _c.Lanes));
    }
}

internal readonly partial struct FpLanes
{
    /// <summary>
    /// ((x + y)(x + y s^2), x y) for slots (x, y), where s^2 = 1 + u: what the square of x + y s in Fp4 is made of.
    /// </summary>
    internal static FpLanes MultiplyForFp4(in FpLanes a)
    {
        // Sums of two and of three need no carries to be multiplied with each other.
        Unsafe.SkipInit(out FpLanes left);
        Unsafe.SkipInit(out FpLanes right);
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(a, i);
            Vector256<double> swapped = Avx.Permute2x128(limb, limb, 0x01);
            Limb(left, i) = swapped + Avx.Blend(limb, Vector256<double>.Zero, 0b1100);
            Limb(right, i) = limb + Avx.Blend(Turn(swapped), Vector256<double>.Zero, 0b1100);
        }

        return MultiplyPaired(left, right);
    }

    /// <summary>
    /// 3 (x^2 + y^2 s^2) - 2 first and 3 (2 x y) + 2 second, of what <see cref="MultiplyForFp4"/> gives for (x, y) and of the slots of
    /// another element.
    /// </summary>
    internal static PairedFp2 FinishFp4Square(in FpLanes products, in FpLanes other)
    {
        FpLanes sum = new(
            FinishFp4Square(products._l0, other._l0), FinishFp4Square(products._l1, other._l1),
            FinishFp4Square(products._l2, other._l2), FinishFp4Square(products._l3, other._l3),
            FinishFp4Square(products._l4, other._l4), FinishFp4Square(products._l5, other._l5),
            FinishFp4Square(products._l6, other._l6), FinishFp4Square(products._l7, other._l7));
        return new(sum.Reduce());
    }

    /// <summary>3 (2 x y s^2) + 2 first and 3 (x^2 + y^2 s^2) - 2 second.</summary>
    internal static PairedFp2 FinishTurnedFp4Square(in FpLanes products, in FpLanes other)
    {
        FpLanes sum = new(
            FinishTurnedFp4Square(products._l0, other._l0), FinishTurnedFp4Square(products._l1, other._l1),
            FinishTurnedFp4Square(products._l2, other._l2), FinishTurnedFp4Square(products._l3, other._l3),
            FinishTurnedFp4Square(products._l4, other._l4), FinishTurnedFp4Square(products._l5, other._l5),
            FinishTurnedFp4Square(products._l6, other._l6), FinishTurnedFp4Square(products._l7, other._l7));
        return new(sum.Reduce());
    }

    // With the products m and n: m - n - n s^2 and 2 n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishFp4Square(Vector256<double> products, Vector256<double> other)
    {
        Vector256<double> second = Avx.Permute2x128(products, products, 0x11);
        Vector256<double> square = Avx.Blend(products - second - Turn(second), second + second, 0b1100);
        return Fma.MultiplyAdd(square, Vector256.Create(3.0), other * Vector256.Create(-2.0, -2.0, 2.0, 2.0));
    }

    // 2 n s^2 and m - n - n s^2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FinishTurnedFp4Square(Vector256<double> products, Vector256<double> other)
    {
        Vector256<double> first = Avx.Permute2x128(products, products, 0x00);
        Vector256<double> second = Avx.Permute2x128(products, products, 0x11);
        Vector256<double> turned = Turn(second);
        Vector256<double> square = Avx.Blend(turned + turned, first - second - turned, 0b1100);
        return Fma.MultiplyAdd(square, Vector256.Create(3.0), other * Vector256.Create(2.0, 2.0, -2.0, -2.0));
    }
}
