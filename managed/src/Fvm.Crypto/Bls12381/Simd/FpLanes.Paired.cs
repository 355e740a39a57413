using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <remarks>
/// Operations on two elements of Fp2 in four lanes (real, imaginary, real, imaginary), for PairedFp2 and the types built from it.
/// </remarks>
internal partial struct FpLanes
{
    // As ColumnStarts, with three products per row (two words and the quotient) instead of two.
    internal static ReadOnlySpan<ulong> PairedColumnStarts =>
    [
        0xb992_0000_0000_0000, 0x6339_ffff_ffff_f000, 0xc689_ffff_ffff_f000, 0x29d9_ffff_ffff_f000,
        0x8d29_ffff_ffff_f000, 0xf079_ffff_ffff_f000, 0x53c9_ffff_ffff_f000, 0x73df_ffff_ffff_f000,
        0xe0f1_ffff_ffff_f000, 0x3749_ffff_ffff_f000, 0xd3f9_ffff_ffff_f000, 0x70a9_ffff_ffff_f000,
        0x0d59_ffff_ffff_f000, 0xaa09_ffff_ffff_f000, 0x46b9_ffff_ffff_f000, 0x26a1_ffff_ffff_f000,
    ];

    /// <summary>The product a b in Fp2 per lane pair, with one reduction for the sum of products: a0 (b0, b1) + a1 (-b1, b0).</summary>
    internal static void MultiplyPaired(in FpLanes a, in FpLanes b, out FpLanes product)
    {
        if (Kernel is null)
        {
            MultiplyPairedPortable(a, b, out product);
        }
        else
        {
            Kernel.MultiplyPaired(a, b, out product);
        }
    }

    /// <summary>Two independent products, which a kernel computes at once.</summary>
    internal static void MultiplyPairedTwice(
        in FpLanes a, in FpLanes b, out FpLanes product, in FpLanes c, in FpLanes d, out FpLanes other)
    {
        if (Kernel is null)
        {
            MultiplyPairedPortable(a, b, out product);
            MultiplyPairedPortable(c, d, out other);
        }
        else
        {
            Kernel.MultiplyPairedTwice(a, b, out product, c, d, out other);
        }
    }

    /// <summary>The product without a kernel.</summary>
    internal static void MultiplyPairedPortable(in FpLanes a, in FpLanes b, out FpLanes product)
    {
        // The lane multiplication with two words per row: a0 times b, and a1 times u b.
        FpLanes ub = default;
        for (int i = 0; i < LimbCount; i++)
        {
            ub[i] = Avx.Permute(b[i], 0b0101) ^ Vector256.Create(-0.0, 0, -0.0, 0);
        }

        ReadOnlySpan<ulong> starts = PairedColumnStarts;
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
            Vector256<double> real = Avx.DuplicateEvenIndexed(a[row]);
            Accumulate(real, b._l0, ref c0, ref c1);
            Accumulate(Avx.Permute(a[row], 0b1111), ub._l0, ref c0, ref c1);
            Vector256<double> q = SignedLimb(c0, ref c1);
            AccumulateUpper(real, b, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8);
            Vector256<double> imaginary = Avx.Permute(a[row], 0b1111);
            AccumulateUpper(imaginary, ub, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8);
            AccumulateQuotient(q, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9);
            (c0, c1, c2, c3, c4, c5, c6, c7, c8) = (c1, c2, c3, c4, c5, c6, c7, c8, c9);
        }

        Vector256<double> lastReal = Avx.DuplicateEvenIndexed(a._l7);
        Accumulate(lastReal, b._l0, ref c0, ref c1);
        AccumulateUpper(lastReal, b, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8);
        Vector256<double> lastImaginary = Avx.Permute(a._l7, 0b1111);
        Accumulate(lastImaginary, ub._l0, ref c0, ref c1);
        AccumulateUpper(lastImaginary, ub, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8);
        product = FinishProduct(c0, c1, c2, c3, c4, c5, c6, c7, c8);
    }

    /// <summary>The square ((a0 + a1)(a0 - a1), 2 a0 a1) per lane pair.</summary>
    internal static FpLanes SquarePaired(in FpLanes a)
    {
        PrepareSquare(a, out FpLanes x, out FpLanes y);
        return x * y;
    }

    /// <summary>Two independent squares, which a kernel computes at once.</summary>
    internal static void SquarePairedTwice(in FpLanes a, out FpLanes square, in FpLanes b, out FpLanes other)
    {
        PrepareSquare(a, out FpLanes x, out FpLanes y);
        PrepareSquare(b, out FpLanes z, out FpLanes w);
        MultiplyTwice(x, y, out square, z, w, out other);
    }

    /// <summary>A product and a square: with a kernel, a square costs as much as a product beside another product.</summary>
    internal static void MultiplyAndSquarePaired(in FpLanes a, in FpLanes b, out FpLanes product, in FpLanes c, out FpLanes square)
    {
        if (Kernel is null)
        {
            MultiplyPairedPortable(a, b, out product);
            square = SquarePaired(c);
        }
        else
        {
            Kernel.MultiplyPairedTwice(a, b, out product, c, c, out square);
        }
    }

    private static void PrepareSquare(in FpLanes a, out FpLanes x, out FpLanes y)
    {
        // Both sums are valid factors without a carry: their limbs are at most slightly above 2^50.
        x = default;
        y = default;
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = a[i];
            Vector256<double> imaginary = Avx.Permute(limb, 0b1111);
            x[i] = Avx.DuplicateEvenIndexed(limb) + Avx.Blend(imaginary, Vector256<double>.Zero, 0b1010);
            y[i] = Avx.AddSubtract(limb, imaginary);
        }
    }

    /// <summary>a times 1 + u per lane pair: (a0 - a1, a0 + a1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FpLanes MultiplyPairedByNonResidue(in FpLanes a) => Carried(
        Slots.TimesNonResidue(a._l0), Slots.TimesNonResidue(a._l1), Slots.TimesNonResidue(a._l2), Slots.TimesNonResidue(a._l3),
        Slots.TimesNonResidue(a._l4), Slots.TimesNonResidue(a._l5), Slots.TimesNonResidue(a._l6), Slots.TimesNonResidue(a._l7));

    /// <summary>a + (1 + u) b per lane pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FpLanes AddPairedTimesNonResidue(in FpLanes a, in FpLanes b) => Carried(
        a._l0 + Slots.TimesNonResidue(b._l0), a._l1 + Slots.TimesNonResidue(b._l1),
        a._l2 + Slots.TimesNonResidue(b._l2), a._l3 + Slots.TimesNonResidue(b._l3),
        a._l4 + Slots.TimesNonResidue(b._l4), a._l5 + Slots.TimesNonResidue(b._l5),
        a._l6 + Slots.TimesNonResidue(b._l6), a._l7 + Slots.TimesNonResidue(b._l7));

    /// <summary>(a0, a0) per lane pair.</summary>
    internal static FpLanes DuplicateReal(in FpLanes a)
    {
        FpLanes result = default;
        for (int i = 0; i < LimbCount; i++)
        {
            result[i] = Avx.DuplicateEvenIndexed(a[i]);
        }

        return result;
    }

    /// <summary>Multiplies each lane by 1 or -1.</summary>
    internal static FpLanes Scale(in FpLanes a, Vector256<double> signs)
    {
        FpLanes result = default;
        for (int i = 0; i < LimbCount; i++)
        {
            result[i] = a[i] * signs;
        }

        return result;
    }
}
