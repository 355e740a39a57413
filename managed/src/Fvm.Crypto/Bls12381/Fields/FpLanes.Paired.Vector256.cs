// What elements of Fp2 in two lanes each need: products that add in the same column, and lanes in another order.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

internal readonly partial struct FpLanes
{
    // As ColumnStarts, for three products in a row instead of two.
    private static ReadOnlySpan<ulong> PairedColumnStarts =>
    [
        0xb992_0000_0000_0000, 0x6339_ffff_ffff_f000, 0xc689_ffff_ffff_f000, 0x29d9_ffff_ffff_f000,
        0x8d29_ffff_ffff_f000, 0xf079_ffff_ffff_f000, 0x53c9_ffff_ffff_f000, 0x73df_ffff_ffff_f000,
        0xe0f1_ffff_ffff_f000, 0x3749_ffff_ffff_f000, 0xd3f9_ffff_ffff_f000, 0x70a9_ffff_ffff_f000,
        0x0d59_ffff_ffff_f000, 0xaa09_ffff_ffff_f000, 0x46b9_ffff_ffff_f000, 0x26a1_ffff_ffff_f000,
    ];

    /// <summary>
    /// (a0 b0 - a1 b1, a0 b1 + a1 b0) in each pair of lanes, with one reduction for both products: a0 (b0, b1) + a1 (-b1, b0).
    /// </summary>
    internal static void MultiplyPaired(in FpLanes a, in FpLanes b, out FpLanes product)
    {
        // b times u. The rest is as in the multiplication of lanes.
        Unsafe.SkipInit(out FpLanes turned);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(turned, i) = Avx.Permute(Limb(b, i), 0b0101) ^ Vector256.Create(-0.0, 0, -0.0, 0);
        }

        ref ulong starts = ref Unsafe.AsRef(in PairedColumnStarts[0]);
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
            Vector256<double> word = Avx.DuplicateEvenIndexed(Limb(a, row));
            Accumulate(word, b._l0, ref c0, ref c1);
            Accumulate(Avx.Permute(Limb(a, row), 0b1111), turned._l0, ref c0, ref c1);
            Vector256<double> q = Centre(c0, ref c1);
            Accumulate(word, b._l1, ref c1, ref c2);
            Accumulate(word, b._l2, ref c2, ref c3);
            Accumulate(word, b._l3, ref c3, ref c4);
            Accumulate(word, b._l4, ref c4, ref c5);
            Accumulate(word, b._l5, ref c5, ref c6);
            Accumulate(word, b._l6, ref c6, ref c7);
            Accumulate(word, b._l7, ref c7, ref c8);

            word = Avx.Permute(Limb(a, row), 0b1111);
            Accumulate(word, turned._l1, ref c1, ref c2);
            Accumulate(word, turned._l2, ref c2, ref c3);
            Accumulate(word, turned._l3, ref c3, ref c4);
            Accumulate(word, turned._l4, ref c4, ref c5);
            Accumulate(word, turned._l5, ref c5, ref c6);
            Accumulate(word, turned._l6, ref c6, ref c7);
            Accumulate(word, turned._l7, ref c7, ref c8);

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

        Vector256<double> lastWord = Avx.DuplicateEvenIndexed(a._l7);
        Accumulate(lastWord, b._l0, ref c0, ref c1);
        Accumulate(lastWord, b._l1, ref c1, ref c2);
        Accumulate(lastWord, b._l2, ref c2, ref c3);
        Accumulate(lastWord, b._l3, ref c3, ref c4);
        Accumulate(lastWord, b._l4, ref c4, ref c5);
        Accumulate(lastWord, b._l5, ref c5, ref c6);
        Accumulate(lastWord, b._l6, ref c6, ref c7);
        Accumulate(lastWord, b._l7, ref c7, ref c8);
        lastWord = Avx.Permute(a._l7, 0b1111);
        Accumulate(lastWord, turned._l0, ref c0, ref c1);
        Accumulate(lastWord, turned._l1, ref c1, ref c2);
        Accumulate(lastWord, turned._l2, ref c2, ref c3);
        Accumulate(lastWord, turned._l3, ref c3, ref c4);
        Accumulate(lastWord, turned._l4, ref c4, ref c5);
        Accumulate(lastWord, turned._l5, ref c5, ref c6);
        Accumulate(lastWord, turned._l6, ref c6, ref c7);
        Accumulate(lastWord, turned._l7, ref c7, ref c8);
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
        product = FromColumns(c1, c2, c3, c4, c5, c6, c7, c8);
    }

    /// <summary>((a0 + a1)(a0 - a1), 2 a0 a1) in each pair of lanes.</summary>
    internal static FpLanes SquarePaired(in FpLanes a)
    {
        // Neither sum needs its carries: limbs of 2^50 may be multiplied.
        Unsafe.SkipInit(out FpLanes x);
        Unsafe.SkipInit(out FpLanes y);
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(a, i);
            Vector256<double> imaginary = Avx.Permute(limb, 0b1111);
            Limb(x, i) = Avx.DuplicateEvenIndexed(limb) + Avx.Blend(imaginary, Vector256<double>.Zero, 0b1010);
            Limb(y, i) = Avx.AddSubtract(limb, imaginary);
        }

        return x * y;
    }

    /// <summary>(a0 - a1, a0 + a1) in each pair of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FpLanes MultiplyPairedByNonResidue(in FpLanes a) => new(
        Turn(a._l0), Turn(a._l1), Turn(a._l2), Turn(a._l3), Turn(a._l4), Turn(a._l5), Turn(a._l6), Turn(a._l7));

    /// <summary>a plus (b0 - b1, b0 + b1), in each pair of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FpLanes AddPairedTimesNonResidue(in FpLanes a, in FpLanes b) => new(
        a._l0 + Turn(b._l0), a._l1 + Turn(b._l1), a._l2 + Turn(b._l2), a._l3 + Turn(b._l3),
        a._l4 + Turn(b._l4), a._l5 + Turn(b._l5), a._l6 + Turn(b._l6), a._l7 + Turn(b._l7));

    /// <summary>The first slots of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Firsts(Vector256<double> a, Vector256<double> b) => Avx.Permute2x128(a, b, 0x20);

    /// <summary>The second slots of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Seconds(Vector256<double> a, Vector256<double> b) => Avx.Permute2x128(a, b, 0x31);

    /// <summary>The second slot of one vector and the first of another, both moved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Cross(Vector256<double> a, Vector256<double> b) => Avx.Permute2x128(a, b, 0x21);

    /// <summary>The first slot of one vector and the second of another, where they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Choose(Vector256<double> first, Vector256<double> second) => Avx.Blend(first, second, 0b1100);

    /// <summary>The first slot in both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> First(Vector256<double> a) => Firsts(a, a);

    /// <summary>The second slot in both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Second(Vector256<double> a) => Seconds(a, a);

    /// <summary>Both slots exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Swap(Vector256<double> a) => Cross(a, a);

    /// <summary>The first slot beside zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> KeepFirst(Vector256<double> a) => Choose(a, Vector256<double>.Zero);

    /// <summary>The second slot beside zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> KeepSecond(Vector256<double> a) => Choose(Vector256<double>.Zero, a);

    /// <summary>Zero beside the first slot, moved to the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> FirstAsSecond(Vector256<double> a) => Avx.Permute2x128(a, a, 0x08);

    /// <summary>A limb times 1 + u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Turn(Vector256<double> limb) =>
        Avx.AddSubtract(Avx.DuplicateEvenIndexed(limb), Avx.Permute(limb, 0b1111));

    /// <summary>(a0, a0) in each pair of lanes.</summary>
    internal static FpLanes DuplicateReal(in FpLanes a)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Avx.DuplicateEvenIndexed(Limb(a, i));
        }

        return result;
    }

    /// <summary>Lane by lane times 1 or -1.</summary>
    internal static FpLanes Scale(in FpLanes a, Vector256<double> signs)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Limb(a, i) * signs;
        }

        return result;
    }
}
