// Montgomery's multiplication in lanes, with quotients that need no multiplication: H. Orup, "Simplifying Quotient Determination in
// High-Radix Modular Multiplication", https://doi.org/10.1109/ARITH.1995.465359.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

internal readonly partial struct FpLanes
{
    // Limbs of p, signed, and -1/p modulo 2^50.
    private const double P0 = -281474976732501;
    private const double P1 = -91993904517504;
    private const double P2 = -264560289595392;
    private const double P3 = -284100220255269;
    private const double P4 = 131166236804371;
    private const double P5 = 542681246414297;
    private const double P6 = -114356026822214;
    private const double P7 = 1745110953;
    private const double NegativeInverse = -12885098499;

    // Limbs of M = (-12885098499 p + 1) / 2^50, signed: 2^50 M - 1 is a multiple of p that is -1 modulo 2^50.
    private const double M0 = -510714754042751;
    private const double M1 = -57066274144575;
    private const double M2 = 336149357164406;
    private const double M3 = 417860114948122;
    private const double M4 = -531061763579579;
    private const double M5 = -28693674730892;
    private const double M6 = 546419680847819;
    private const double M7 = -19972;

    // Sums near these have 2^50 and 1 as their last place: in the bits of a double, a difference from the anchor is an integer.
    private const double HighAnchor = 3.0 * (1UL << 51) * (1UL << 50);
    private const double LowAnchor = 3.0 * (1UL << 51);
    private const long OneBits = 0x4330_0000_0000_0000;
    private const long LowBits = 0x4338_0000_0000_0000;

    // What a column of the product starts from: minus the bits of every anchor that it will be given, plus 2^62 so that it can be shifted
    // as a positive number, minus 2^12 for what that adds to the carry from the column below, plus half a limb where the carry rounds
    // (all but column 7).
    private static ReadOnlySpan<ulong> ColumnStarts =>
    [
        0xfcca_0000_0000_0000, 0x3001_ffff_ffff_f000, 0x1ce1_ffff_ffff_f000, 0x09c1_ffff_ffff_f000,
        0xf6a1_ffff_ffff_f000, 0xe381_ffff_ffff_f000, 0xd061_ffff_ffff_f000, 0x7a07_ffff_ffff_f000,
        0xea39_ffff_ffff_f000, 0xb701_ffff_ffff_f000, 0xca21_ffff_ffff_f000, 0xdd41_ffff_ffff_f000,
        0xf061_ffff_ffff_f000, 0x0381_ffff_ffff_f000, 0x16a1_ffff_ffff_f000, 0x6cf9_ffff_ffff_f000,
    ];

    public static FpLanes operator *(in FpLanes a, in FpLanes b)
    {
        // In all rows but the last the lowest limb q of the sum is itself the quotient: the sum plus q (2^50 M - 1) ends in a limb of
        // zeros, which is dropped, so that the rest gets q M. The last row takes a multiple of p itself, which leaves less than 0.6 p.
        ref ulong starts = ref Unsafe.AsRef(in ColumnStarts[0]);
        Vector256<ulong> c0 = Vector256.Create(starts);
        Vector256<ulong> c1 = Vector256.Create(Unsafe.Add(ref starts, 1));
        Vector256<ulong> c2 = Vector256.Create(Unsafe.Add(ref starts, 2));
        Vector256<ulong> c3 = Vector256.Create(Unsafe.Add(ref starts, 3));
        Vector256<ulong> c4 = Vector256.Create(Unsafe.Add(ref starts, 4));
        Vector256<ulong> c5 = Vector256.Create(Unsafe.Add(ref starts, 5));
        Vector256<ulong> c6 = Vector256.Create(Unsafe.Add(ref starts, 6));
        Vector256<ulong> c7 = Vector256.Create(Unsafe.Add(ref starts, 7));
        Vector256<ulong> c8 = Vector256.Create(Unsafe.Add(ref starts, 8));
        for (int row = 0; row < LimbCount - 1; row++)
        {
            Vector256<ulong> c9 = Vector256.Create(Unsafe.Add(ref starts, row + 9));
            Vector256<double> word = Limb(a, row);
            Accumulate(word, b._l0, ref c0, ref c1);
            Vector256<double> q = Centre(c0, ref c1);
            Accumulate(word, b._l1, ref c1, ref c2);
            Accumulate(word, b._l2, ref c2, ref c3);
            Accumulate(word, b._l3, ref c3, ref c4);
            Accumulate(word, b._l4, ref c4, ref c5);
            Accumulate(word, b._l5, ref c5, ref c6);
            Accumulate(word, b._l6, ref c6, ref c7);
            Accumulate(word, b._l7, ref c7, ref c8);

            Accumulate(q, Vector256.Create(M0), ref c1, ref c2);
            Accumulate(q, Vector256.Create(M1), ref c2, ref c3);
            Accumulate(q, Vector256.Create(M2), ref c3, ref c4);
            Accumulate(q, Vector256.Create(M3), ref c4, ref c5);
            Accumulate(q, Vector256.Create(M4), ref c5, ref c6);
            Accumulate(q, Vector256.Create(M5), ref c6, ref c7);
            Accumulate(q, Vector256.Create(M6), ref c7, ref c8);
            Accumulate(q, Vector256.Create(M7), ref c8, ref c9);

            c0 = c1;
            c1 = c2;
            c2 = c3;
            c3 = c4;
            c4 = c5;
            c5 = c6;
            c6 = c7;
            c7 = c8;
            c8 = c9;
        }

        Vector256<double> lastWord = a._l7;
        Accumulate(lastWord, b._l0, ref c0, ref c1);
        Accumulate(lastWord, b._l1, ref c1, ref c2);
        Accumulate(lastWord, b._l2, ref c2, ref c3);
        Accumulate(lastWord, b._l3, ref c3, ref c4);
        Accumulate(lastWord, b._l4, ref c4, ref c5);
        Accumulate(lastWord, b._l5, ref c5, ref c6);
        Accumulate(lastWord, b._l6, ref c6, ref c7);
        Accumulate(lastWord, b._l7, ref c7, ref c8);
        Vector256<double> lastQ = Quotient(c0);
        Accumulate(lastQ, Vector256.Create(P0), ref c0, ref c1);
        Accumulate(lastQ, Vector256.Create(P1), ref c1, ref c2);
        Accumulate(lastQ, Vector256.Create(P2), ref c2, ref c3);
        Accumulate(lastQ, Vector256.Create(P3), ref c3, ref c4);
        Accumulate(lastQ, Vector256.Create(P4), ref c4, ref c5);
        Accumulate(lastQ, Vector256.Create(P5), ref c5, ref c6);
        Accumulate(lastQ, Vector256.Create(P6), ref c6, ref c7);
        Accumulate(lastQ, Vector256.Create(P7), ref c7, ref c8);
        c1 += Vector256.ShiftRightLogical(c0, LimbBits);
        return FromColumns(c1, c2, c3, c4, c5, c6, c7, c8);
    }

    // Adds a product to two columns, each with the bits of an anchor: its multiples of 2^50, rounded, to the upper, and the signed rest,
    // which is exact, to the lower.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector256<double> x, Vector256<double> y, ref Vector256<ulong> lower, ref Vector256<ulong> upper)
    {
        Vector256<double> high = Fma.MultiplyAdd(x, y, Vector256.Create(HighAnchor));
        upper += high.AsUInt64();
        Vector256<double> low = Fma.MultiplyAdd(x, y, Vector256.Create(HighAnchor + LowAnchor) - high);
        lower += low.AsUInt64();
    }

    // q = -column/p modulo 2^50, so that adding q p clears the column. The anchors' bits are multiples of 2^50.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Quotient(Vector256<ulong> column)
    {
        Vector256<ulong> bits = (column & Vector256.Create(LimbMask)) | Vector256.Create(OneBits).AsUInt64();
        Vector256<double> low = bits.AsDouble() - Vector256.Create((double)(1L << 52));
        Vector256<double> inverse = Vector256.Create(NegativeInverse);
        Vector256<double> anchor = Vector256.Create(HighAnchor);
        return Fma.MultiplyAdd(low, inverse, anchor - Fma.MultiplyAdd(low, inverse, anchor));
    }

    // The columns that are left when the lower half is reduced away, carried.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpLanes FromColumns(
        Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3,
        Vector256<ulong> c4, Vector256<ulong> c5, Vector256<ulong> c6, Vector256<ulong> c7)
    {
        Unsafe.SkipInit(out FpLanes result);
        Limb(result, 0) = Centre(c0, ref c1);
        Limb(result, 1) = Centre(c1, ref c2);
        Limb(result, 2) = Centre(c2, ref c3);
        Limb(result, 3) = Centre(c3, ref c4);
        Limb(result, 4) = Centre(c4, ref c5);
        Limb(result, 5) = Centre(c5, ref c6);
        Limb(result, 6) = Centre(c6, ref c7);
        const ulong Top = unchecked((ulong)LowBits - (1UL << 62) - (1UL << 49));
        Limb(result, 7) = (c7 + Vector256.Create(Top)).AsDouble() - Vector256.Create(LowAnchor);
        return result;
    }

    // The signed limb of a column, whose carry goes to the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Centre(Vector256<ulong> column, ref Vector256<ulong> next)
    {
        next += Vector256.ShiftRightLogical(column, LimbBits);
        Vector256<ulong> low = (column & Vector256.Create(LimbMask)) | Vector256.Create(OneBits).AsUInt64();
        return low.AsDouble() - Vector256.Create((double)((1L << 52) + (1L << 49)));
    }
}
