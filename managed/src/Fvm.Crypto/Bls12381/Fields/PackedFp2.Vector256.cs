// One element of Fp2 in the lanes of a vector, so that one multiplication in lanes makes all the products of one in Fp2.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

/// <summary>C0 + C1 * u with the lanes (C0, C1, C0, C1): for work on one element at a time, where other lanes would idle.</summary>
internal readonly struct PackedFp2 : IQuadraticField<PackedFp2>
{
    private readonly FpLanes _lanes;

    private PackedFp2(in FpLanes lanes) => _lanes = lanes;

    public static int LaneCount => 1;

    public static PackedFp2 Zero => default;

    public static PackedFp2 One { get; } = Broadcast(Fp2<Fp>.One);

    public int ZeroLanes => _lanes.ZeroLanes == 15 ? 1 : 0;

    public static PackedFp2 Select(int lanes, in PackedFp2 chosen, in PackedFp2 other) => (lanes & 1) != 0 ? chosen : other;

    public static PackedFp2 Broadcast(in Fp2<Fp> element) => new(FpLanes.Load([element.C0, element.C1, element.C0, element.C1]));

    public static PackedFp2 Load(ReadOnlySpan<Fp2<Fp>> elements) => Broadcast(elements[0]);

    public void Store(Span<Fp2<Fp>> elements)
    {
        Span<Fp> stored = stackalloc Fp[FpLanes.LaneCount];
        _lanes.Store(stored);
        elements[0] = new(stored[0], stored[1]);
    }

    public static Fp12<PackedFp2> PowerOfParameter(in Fp12<PackedFp2> f) => CyclotomicLanes.PowerOfParameter(f);

    public static PackedFp2 operator +(in PackedFp2 a, in PackedFp2 b) => new(a._lanes + b._lanes);

    public static PackedFp2 operator -(in PackedFp2 a, in PackedFp2 b) => new(a._lanes - b._lanes);

    public static PackedFp2 operator -(in PackedFp2 a) => new(-a._lanes);

    public static PackedFp2 operator *(in PackedFp2 a, in PackedFp2 b) => new(FpLanes.MultiplyPacked(a._lanes, b._lanes));

    public PackedFp2 Double() => new(_lanes.Double());

    public PackedFp2 Square() => new(FpLanes.SquarePacked(_lanes));

    public PackedFp2 Reduce() => new(_lanes.Reduce());

    public PackedFp2 Conjugate() => new(FpLanes.ConjugatePacked(_lanes));

    public PackedFp2 MultiplyByNonResidue() => new(FpLanes.MultiplyPackedByNonResidue(_lanes));

    public PackedFp2 MultiplyByReal(in PackedFp2 real) => new(_lanes * FpLanes.Permute(real._lanes, 0b00_00_00_00));

    public PackedFp2 MultiplyByThreeB() => new(FpLanes.MultiplyPackedByNonResidue(_lanes).MultiplyByThreeB());

    public PackedFp2 Invert()
    {
        Span<Fp2<Fp>> element = stackalloc Fp2<Fp>[1];
        Store(element);
        return Broadcast(element[0].Invert());
    }

    /// <summary>Three elements side by side, in lanes 0 to 2.</summary>
    public static Fp2<FpLanes> Gather(in PackedFp2 first, in PackedFp2 second, in PackedFp2 third)
    {
        FpLanes c0 = FpLanes.Blend(first._lanes, FpLanes.Permute(second._lanes, 0b00_00_00_00), 0b0010);
        FpLanes c1 = FpLanes.Blend(FpLanes.Permute(first._lanes, 0b01_01_01_01), second._lanes, 0b0010);
        return new(FpLanes.Blend(c0, third._lanes, 0b0100), FpLanes.Blend(c1, FpLanes.Permute(third._lanes, 0b01_01_01_01), 0b1100));
    }

    /// <summary>The elements of lanes 0 to 2.</summary>
    public static void Scatter(in Fp2<FpLanes> elements, out PackedFp2 first, out PackedFp2 second, out PackedFp2 third)
    {
        first = new(FpLanes.Blend(FpLanes.Permute(elements.C0, 0b00_00_00_00), FpLanes.Permute(elements.C1, 0b00_00_00_00), 0b1010));
        second = new(FpLanes.Blend(FpLanes.Permute(elements.C0, 0b01_01_01_01), FpLanes.Permute(elements.C1, 0b01_01_01_01), 0b1010));
        third = new(FpLanes.Blend(FpLanes.Permute(elements.C0, 0b10_10_10_10), FpLanes.Permute(elements.C1, 0b10_10_10_10), 0b1010));
    }
}

internal readonly partial struct FpLanes
{
    /// <summary>The lanes in another order (two bits for each, as vpermpd).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FpLanes Permute(in FpLanes a, [ConstantExpected] byte order)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Avx2.Permute4x64(Limb(a, i), order);
        }

        return result;
    }

    /// <summary>The second operand's lanes where the mask has a bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FpLanes Blend(in FpLanes a, in FpLanes b, [ConstantExpected] byte lanes)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Avx.Blend(Limb(a, i), Limb(b, i), lanes);
        }

        return result;
    }

    /// <summary>(a0 b0 - a1 b1, a0 b1 + a1 b0), twice.</summary>
    internal static FpLanes MultiplyPacked(in FpLanes a, in FpLanes b)
    {
        // The lanes of the product: a0 b0, a1 b1, a0 b1, a1 b0.
        FpLanes products = a * Permute(b, 0b00_01_01_00);
        return CombinePacked(products, 0b10_00_10_00, products, 0b11_01_11_01);
    }

    /// <summary>((a0 + a1)(a0 - a1), 2 a0 a1), twice.</summary>
    internal static FpLanes SquarePacked(in FpLanes a)
    {
        // Neither sum needs its carries: limbs of 2^50 may be multiplied.
        Unsafe.SkipInit(out FpLanes x);
        Unsafe.SkipInit(out FpLanes y);
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> low = Avx2.Permute4x64(Limb(a, i), 0b00_00_00_00);
            Vector256<double> high = Avx2.Permute4x64(Limb(a, i), 0b01_01_01_01);
            Limb(x, i) = low + Avx.Blend(high, Vector256<double>.Zero, 0b1010);
            Limb(y, i) = Avx.AddSubtract(Limb(a, i), high);
        }

        return x * y;
    }

    /// <summary>(a0, -a1), twice.</summary>
    internal static FpLanes ConjugatePacked(in FpLanes a)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Limb(a, i) * Vector256.Create(1.0, -1, 1, -1);
        }

        return result;
    }

    /// <summary>(a0 - a1, a0 + a1), twice.</summary>
    internal static FpLanes MultiplyPackedByNonResidue(in FpLanes a) => CombinePacked(a, 0b00_00_00_00, a, 0b01_01_01_01);

    // The first minus the second in even lanes, plus it in odd ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpLanes CombinePacked(
        in FpLanes first, [ConstantExpected] byte firstOrder, in FpLanes second, [ConstantExpected] byte secondOrder) => new(
        CombinePacked(first._l0, firstOrder, second._l0, secondOrder), CombinePacked(first._l1, firstOrder, second._l1, secondOrder),
        CombinePacked(first._l2, firstOrder, second._l2, secondOrder), CombinePacked(first._l3, firstOrder, second._l3, secondOrder),
        CombinePacked(first._l4, firstOrder, second._l4, secondOrder), CombinePacked(first._l5, firstOrder, second._l5, secondOrder),
        CombinePacked(first._l6, firstOrder, second._l6, secondOrder), CombinePacked(first._l7, firstOrder, second._l7, secondOrder));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> CombinePacked(
        Vector256<double> first, [ConstantExpected] byte firstOrder, Vector256<double> second, [ConstantExpected] byte secondOrder) =>
        Avx.AddSubtract(Avx2.Permute4x64(first, firstOrder), Avx2.Permute4x64(second, secondOrder));
}
