// Squarings in the cyclotomic subgroup with the three squarings in Fp4 side by side.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

/// <summary>
/// An element of the cyclotomic subgroup in three lanes: lane i holds the pair of coefficients that one squaring in Fp4 takes, (0, 3),
/// (1, 4) and (2, 5) in powers of w. The same steps as <see cref="Fp12{T}.CyclotomicSquare"/>.
/// </summary>
internal readonly struct CyclotomicLanes
{
    private readonly Fp2<FpLanes> _low;
    private readonly Fp2<FpLanes> _high;

    private CyclotomicLanes(in Fp2<FpLanes> low, in Fp2<FpLanes> high)
    {
        _low = low;
        _high = high;
    }

    /// <summary>The element to the power |x|, the parameter of the curve.</summary>
    public static Fp12<PackedFp2> PowerOfParameter(in Fp12<PackedFp2> element)
    {
        // From the lowest bit up: few bits are set, so that few of the squares have to be put together.
        Fp12<PackedFp2> result = Fp12<PackedFp2>.One;
        CyclotomicLanes square = new(
            PackedFp2.Gather(element.C0.C0, element.C1.C0, element.C0.C1), PackedFp2.Gather(element.C1.C1, element.C0.C2, element.C1.C2));
        for (int bit = 0; bit <= CurveParameter.TopBit; bit++)
        {
            if (CurveParameter.IsSet(bit))
            {
                result *= square.Scatter();
            }

            square = square.Square();
        }

        return result;
    }

    private Fp12<PackedFp2> Scatter()
    {
        PackedFp2.Scatter(_low, out PackedFp2 c0, out PackedFp2 c1, out PackedFp2 c2);
        PackedFp2.Scatter(_high, out PackedFp2 c3, out PackedFp2 c4, out PackedFp2 c5);
        return new(new(c0, c2, c4), new(c1, c3, c5));
    }

    private CyclotomicLanes Square()
    {
        Fp2<FpLanes> xx = _low.Square();
        Fp2<FpLanes> yy = _high.Square();
        Fp2<FpLanes> c0 = yy.MultiplyByNonResidue() + xx;
        Fp2<FpLanes> c1 = (_low + _high).Square() - xx - yy;
        Fp2<FpLanes> turned = c1.MultiplyByNonResidue();

        // The results of the pairs (a, b, c) become: low = 3 (a0, c1 (1 + u), b0) + 2 (-, +, -) low,
        // high = 3 (a1, c0, b1) + 2 (+, -, +) high.
        Vector256<double> lowSigns = Vector256.Create(-2.0, 2.0, -2.0, 0);
        Vector256<double> highSigns = Vector256.Create(2.0, -2.0, 2.0, 0);
        return new(
            new(
                FpLanes.TripleAndAdd(c0.C0, turned.C0, _low.C0, lowSigns),
                FpLanes.TripleAndAdd(c0.C1, turned.C1, _low.C1, lowSigns)),
            new(
                FpLanes.TripleAndAdd(c1.C0, c0.C0, _high.C0, highSigns),
                FpLanes.TripleAndAdd(c1.C1, c0.C1, _high.C1, highSigns)));
    }
}

internal readonly partial struct FpLanes
{
    /// <summary>
    /// 3 (a, b, c) + factors * addend, where a and c are lanes 0 and 1 of <paramref name="outer"/> and b is lane 2 of
    /// <paramref name="middle"/>.
    /// </summary>
    internal static FpLanes TripleAndAdd(in FpLanes outer, in FpLanes middle, in FpLanes addend, Vector256<double> factors)
    {
        FpLanes sum = new(
            TripleAndAdd(outer._l0, middle._l0, addend._l0, factors), TripleAndAdd(outer._l1, middle._l1, addend._l1, factors),
            TripleAndAdd(outer._l2, middle._l2, addend._l2, factors), TripleAndAdd(outer._l3, middle._l3, addend._l3, factors),
            TripleAndAdd(outer._l4, middle._l4, addend._l4, factors), TripleAndAdd(outer._l5, middle._l5, addend._l5, factors),
            TripleAndAdd(outer._l6, middle._l6, addend._l6, factors), TripleAndAdd(outer._l7, middle._l7, addend._l7, factors));
        return sum.Reduce();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> TripleAndAdd(
        Vector256<double> outer, Vector256<double> middle, Vector256<double> addend, Vector256<double> factors)
    {
        Vector256<double> picked = Avx.Blend(Avx2.Permute4x64(outer, 0b11_01_00_00), Avx2.Permute4x64(middle, 0b11_10_10_10), 0b0010);
        return Fma.MultiplyAdd(picked, Vector256.Create(3.0), addend * factors);
    }
}
