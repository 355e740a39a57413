using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <remarks>
/// Montgomery multiplication in lanes, with quotients that need no multiplication: H. Orup, "Simplifying Quotient Determination in
/// High-Radix Modular Multiplication", https://doi.org/10.1109/ARITH.1995.465359.
/// </remarks>
internal partial struct FpLanes
{
    // Signed limbs of p, and -1/p modulo 2^50, signed.
    internal const double P0 = -281474976732501;
    internal const double P1 = -91993904517504;
    internal const double P2 = -264560289595392;
    internal const double P3 = -284100220255269;
    internal const double P4 = 131166236804371;
    internal const double P5 = 542681246414297;
    internal const double P6 = -114356026822214;
    internal const double P7 = 1745110953;
    internal const double NegativeInverse = -12885098499;

    // Signed limbs of M = (NegativeInverse p + 1) / 2^50: 2^50 M - 1 is the multiple of p that is -1 modulo 2^50.
    internal const double M0 = -510714754042751;
    internal const double M1 = -57066274144575;
    internal const double M2 = 336149357164406;
    internal const double M3 = 417860114948122;
    internal const double M4 = -531061763579579;
    internal const double M5 = -28693674730892;
    internal const double M6 = 546419680847819;
    internal const double M7 = -19972;

    // Doubles near these anchors have a unit in the last place of 2^50 and 1: the bits of an anchor plus n such units are the bits of the
    // anchor plus the integer n.
    internal const double HighAnchor = 3.0 * (1UL << 51) * (1UL << 50);
    internal const double LowAnchor = 3.0 * (1UL << 51);
    internal const long OneBits = 0x4330_0000_0000_0000;
    internal const long LowBits = 0x4338_0000_0000_0000;

    // Initial value of each column of the product. Every Accumulate adds the bits of two anchors to its columns; the initial value contains
    // minus their sum, so that they cancel. Added to it are 2^62, which keeps the column positive for the logical shift that extracts its
    // carry; -2^12, the share of that 2^62 in the carry from the column below (none below column 0); and 2^49, half a limb, to round the
    // carry to nearest (not in column 7, whose carry is not centred).
    internal static ReadOnlySpan<ulong> ColumnStarts =>
    [
        0xfcca_0000_0000_0000, 0x3001_ffff_ffff_f000, 0x1ce1_ffff_ffff_f000, 0x09c1_ffff_ffff_f000,
        0xf6a1_ffff_ffff_f000, 0xe381_ffff_ffff_f000, 0xd061_ffff_ffff_f000, 0x7a07_ffff_ffff_f000,
        0xea39_ffff_ffff_f000, 0xb701_ffff_ffff_f000, 0xca21_ffff_ffff_f000, 0xdd41_ffff_ffff_f000,
        0xf061_ffff_ffff_f000, 0x0381_ffff_ffff_f000, 0x16a1_ffff_ffff_f000, 0x6cf9_ffff_ffff_f000,
    ];

    private static readonly FpLanesKernel? Kernel = FpLanesKernel.Create();

    public static FpLanes operator *(in FpLanes a, in FpLanes b)
    {
        if (Kernel is null)
        {
            return MultiplyPortable(a, b);
        }

        Kernel.Multiply(a, b, out FpLanes product);
        return product;
    }

    /// <summary>Two independent products, which a kernel computes at once.</summary>
    public static void MultiplyTwice(
        in FpLanes a, in FpLanes b, out FpLanes product, in FpLanes c, in FpLanes d, out FpLanes other)
    {
        if (Kernel is null)
        {
            product = MultiplyPortable(a, b);
            other = MultiplyPortable(c, d);
        }
        else
        {
            Kernel.MultiplyTwice(a, b, out product, c, d, out other);
        }
    }

    /// <summary>The product without a kernel.</summary>
    internal static FpLanes MultiplyPortable(in FpLanes a, in FpLanes b)
    {
        // Operand scanning: row i adds a_i b to the columns and clears the lowest of them. In all rows except the last, the lowest limb q
        // of the sum is itself the quotient: adding q (2^50 M - 1) clears that limb, and dropping it leaves the remaining limbs plus q M.
        // The last row adds a multiple of p, which brings the result within 0.6 p.
        ReadOnlySpan<ulong> starts = ColumnStarts;
        Vector256<ulong> c0 = Vector256.Create(starts[0]);
        Vector256<ulong> c1 = Vector256.Create(starts[1]);
        Vector256<ulong> c2 = Vector256.Create(starts[2]);
        Vector256<ulong> c3 = Vector256.Create(starts[3]);
        Vector256<ulong> c4 = Vector256.Create(starts[4]);
        Vector256<ulong> c5 = Vector256.Create(starts[5]);
        Vector256<ulong> c6 = Vector256.Create(starts[6]);
        Vector256<ulong> c7 = Vector256.Create(starts[7]);
        Vector256<ulong> c8 = Vector256.Create(starts[8]);
        for (int row = 0; row < LimbCount - 1; row++)
        {
            Vector256<ulong> c9 = Vector256.Create(starts[row + 9]);
            Vector256<double> word = a[row];
            Accumulate(word, b._l0, ref c0, ref c1);
            Vector256<double> q = SignedLimb(c0, ref c1);
            AccumulateUpper(word, b, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8);
            AccumulateQuotient(q, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9);
            (c0, c1, c2, c3, c4, c5, c6, c7, c8) = (c1, c2, c3, c4, c5, c6, c7, c8, c9);
        }

        Vector256<double> last = a._l7;
        Accumulate(last, b._l0, ref c0, ref c1);
        AccumulateUpper(last, b, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8);
        return FinishProduct(c0, c1, c2, c3, c4, c5, c6, c7, c8);
    }

    // Limbs 1 to 7 of word * b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AccumulateUpper(
        Vector256<double> word, in FpLanes b, ref Vector256<ulong> c1, ref Vector256<ulong> c2, ref Vector256<ulong> c3,
        ref Vector256<ulong> c4, ref Vector256<ulong> c5, ref Vector256<ulong> c6, ref Vector256<ulong> c7, ref Vector256<ulong> c8)
    {
        Accumulate(word, b._l1, ref c1, ref c2);
        Accumulate(word, b._l2, ref c2, ref c3);
        Accumulate(word, b._l3, ref c3, ref c4);
        Accumulate(word, b._l4, ref c4, ref c5);
        Accumulate(word, b._l5, ref c5, ref c6);
        Accumulate(word, b._l6, ref c6, ref c7);
        Accumulate(word, b._l7, ref c7, ref c8);
    }

    // q M, one column higher.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AccumulateQuotient(
        Vector256<double> q, ref Vector256<ulong> c1, ref Vector256<ulong> c2, ref Vector256<ulong> c3, ref Vector256<ulong> c4,
        ref Vector256<ulong> c5, ref Vector256<ulong> c6, ref Vector256<ulong> c7, ref Vector256<ulong> c8, ref Vector256<ulong> c9)
    {
        Accumulate(q, Vector256.Create(M0), ref c1, ref c2);
        Accumulate(q, Vector256.Create(M1), ref c2, ref c3);
        Accumulate(q, Vector256.Create(M2), ref c3, ref c4);
        Accumulate(q, Vector256.Create(M3), ref c4, ref c5);
        Accumulate(q, Vector256.Create(M4), ref c5, ref c6);
        Accumulate(q, Vector256.Create(M5), ref c6, ref c7);
        Accumulate(q, Vector256.Create(M6), ref c7, ref c8);
        Accumulate(q, Vector256.Create(M7), ref c8, ref c9);
    }

    // The reduction of the last row; the product is in the columns above the cleared one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpLanes FinishProduct(
        Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3, Vector256<ulong> c4,
        Vector256<ulong> c5, Vector256<ulong> c6, Vector256<ulong> c7, Vector256<ulong> c8)
    {
        Vector256<double> q = Quotient(c0);
        Accumulate(q, Vector256.Create(P0), ref c0, ref c1);
        Accumulate(q, Vector256.Create(P1), ref c1, ref c2);
        Accumulate(q, Vector256.Create(P2), ref c2, ref c3);
        Accumulate(q, Vector256.Create(P3), ref c3, ref c4);
        Accumulate(q, Vector256.Create(P4), ref c4, ref c5);
        Accumulate(q, Vector256.Create(P5), ref c5, ref c6);
        Accumulate(q, Vector256.Create(P6), ref c6, ref c7);
        Accumulate(q, Vector256.Create(P7), ref c7, ref c8);
        c1 += Vector256.ShiftRightLogical(c0, LimbBits);
        Vector256<double> l0 = SignedLimb(c1, ref c2);
        Vector256<double> l1 = SignedLimb(c2, ref c3);
        Vector256<double> l2 = SignedLimb(c3, ref c4);
        Vector256<double> l3 = SignedLimb(c4, ref c5);
        Vector256<double> l4 = SignedLimb(c5, ref c6);
        Vector256<double> l5 = SignedLimb(c6, ref c7);
        Vector256<double> l6 = SignedLimb(c7, ref c8);
        const ulong Top = unchecked((ulong)LowBits - (1UL << 62) - (1UL << 49));
        return new(l0, l1, l2, l3, l4, l5, l6, (c8 + Vector256.Create(Top)).AsDouble() - Vector256.Create(LowAnchor));
    }

    // Adds a product to two columns, each with the bits of an anchor: the product rounded to a multiple of 2^50 to the upper column, the
    // signed remainder, which is exact, to the lower.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector256<double> x, Vector256<double> y, ref Vector256<ulong> lower, ref Vector256<ulong> upper)
    {
        Vector256<double> high = Fma.MultiplyAdd(x, y, Vector256.Create(HighAnchor));
        upper += high.AsUInt64();
        Vector256<double> low = Fma.MultiplyAdd(x, y, Vector256.Create(HighAnchor + LowAnchor) - high);
        lower += low.AsUInt64();
    }

    // q = -column/p modulo 2^50, signed: adding q p clears the column. The bits of the anchors are multiples of 2^50 and drop out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Quotient(Vector256<ulong> column)
    {
        Vector256<ulong> bits = (column & Vector256.Create(LimbMask)) | Vector256.Create(OneBits).AsUInt64();
        Vector256<double> low = bits.AsDouble() - Vector256.Create((double)(1L << 52));
        Vector256<double> inverse = Vector256.Create(NegativeInverse);
        Vector256<double> anchor = Vector256.Create(HighAnchor);
        return Fma.MultiplyAdd(low, inverse, anchor - Fma.MultiplyAdd(low, inverse, anchor));
    }

    // The signed limb of a column; the carry moves to the next column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SignedLimb(Vector256<ulong> column, ref Vector256<ulong> next)
    {
        next += Vector256.ShiftRightLogical(column, LimbBits);
        Vector256<ulong> low = (column & Vector256.Create(LimbMask)) | Vector256.Create(OneBits).AsUInt64();
        return low.AsDouble() - Vector256.Create((double)((1L << 52) + (1L << 49)));
    }
}
