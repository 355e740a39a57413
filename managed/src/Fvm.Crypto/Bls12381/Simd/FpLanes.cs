using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <summary>
/// Four integers x modulo p, one per lane, each as x * 2^400 modulo p in eight signed 50-bit limbs (radix 2^50); one vector of doubles per
/// limb.
/// </summary>
/// <remarks>
/// Multiplication by fused multiply-add: N. Emmart, J. Luitjens, C. Weems, C. Woolley, "Optimizing Modular Multiplication for NVIDIA's
/// Maxwell GPUs", https://doi.org/10.1109/ARITH.2016.21, here with rounding to nearest and signed limbs.
/// Invariants: limbs 0 to 6 are at most 2^49 + 8 in magnitude after every operation (normal size: half a limb, and the carry of a limb of
/// 2^53), limb 7 takes the remainder of the value. Values are not reduced: products lie within ±0.6 p, and sums of up to a hundred of them
/// are valid factors, because 2^400 is 2^19 times p. Only formulas that repeatedly add their own results need <see cref="Reduce()"/>. The
/// rounding mode is to nearest, the initial mode of every process, which .NET relies on as well. README.md, one folder up, has the bounds
/// of all operations.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal partial struct FpLanes : IPrimeField<FpLanes>
{
    /// <summary>Limbs of an element.</summary>
    internal const int LimbCount = 8;

    private const int LimbBits = 50;
    private const int Count = 4;

    // 2^350 / p: multiplied by the top limb, it estimates the quotient of a value by p.
    internal const double TopLimbOverModulus = 5.730294674611452e-10;

    private Vector256<double> _l0;
    private Vector256<double> _l1;
    private Vector256<double> _l2;
    private Vector256<double> _l3;
    private Vector256<double> _l4;
    private Vector256<double> _l5;
    private Vector256<double> _l6;
    private Vector256<double> _l7;

    // Stores the limbs without a carry.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FpLanes(
        Vector256<double> l0, Vector256<double> l1, Vector256<double> l2, Vector256<double> l3,
        Vector256<double> l4, Vector256<double> l5, Vector256<double> l6, Vector256<double> l7)
    {
        _l0 = l0;
        _l1 = l1;
        _l2 = l2;
        _l3 = l3;
        _l4 = l4;
        _l5 = l5;
        _l6 = l6;
        _l7 = l7;
    }

    /// <summary>Limb 0 to 7 of all lanes.</summary>
    internal Vector256<double> this[int index]
    {
        // Sound: callers pass a constant or a loop counter below LimbCount, and the struct consists of exactly the eight limbs in sequence.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => Unsafe.Add(ref Unsafe.AsRef(in _l0), index);

        // Sound: as the getter; and the compiler rejects a setter on a read-only variable (`in`) or a temporary.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => Unsafe.Add(ref _l0, index) = value;
    }

    /// <summary>Whether the processor supports AVX2 and FMA.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int LaneCount => Count;

    public static FpLanes Zero => default;

    public static FpLanes One { get; } = Broadcast(Fp.One);

    public readonly int ZeroLanes => LanesWhere(static element => element.ZeroLanes);

    public readonly int OddLanes => LanesWhere(static element => element.OddLanes);

    public readonly int HighLanes => LanesWhere(static element => element.HighLanes);

    public static FpLanes Select(int lanes, in FpLanes chosen, in FpLanes other)
    {
        Vector256<long> bits = Vector256.Create(1L, 2, 4, 8);
        Vector256<double> mask = Vector256.Equals(Vector256.Create((long)lanes) & bits, bits).AsDouble();
        return new(
            Vector256.ConditionalSelect(mask, chosen._l0, other._l0), Vector256.ConditionalSelect(mask, chosen._l1, other._l1),
            Vector256.ConditionalSelect(mask, chosen._l2, other._l2), Vector256.ConditionalSelect(mask, chosen._l3, other._l3),
            Vector256.ConditionalSelect(mask, chosen._l4, other._l4), Vector256.ConditionalSelect(mask, chosen._l5, other._l5),
            Vector256.ConditionalSelect(mask, chosen._l6, other._l6), Vector256.ConditionalSelect(mask, chosen._l7, other._l7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpLanes operator +(in FpLanes a, in FpLanes b) => Carried(
        a._l0 + b._l0, a._l1 + b._l1, a._l2 + b._l2, a._l3 + b._l3, a._l4 + b._l4, a._l5 + b._l5, a._l6 + b._l6, a._l7 + b._l7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpLanes operator -(in FpLanes a, in FpLanes b) => Carried(
        a._l0 - b._l0, a._l1 - b._l1, a._l2 - b._l2, a._l3 - b._l3, a._l4 - b._l4, a._l5 - b._l5, a._l6 - b._l6, a._l7 - b._l7);

    public static FpLanes operator -(in FpLanes a) => Zero - a;

    public static FpLanes SumForProduct(in FpLanes a, in FpLanes b)
    {
        // No carries: limbs slightly above 2^50 at most, whose products are still split exactly.
        return new(
            a._l0 + b._l0, a._l1 + b._l1, a._l2 + b._l2, a._l3 + b._l3, a._l4 + b._l4, a._l5 + b._l5, a._l6 + b._l6, a._l7 + b._l7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpLanes SubtractBoth(in FpLanes a, in FpLanes b, in FpLanes c) => Carried(
        a._l0 - b._l0 - c._l0, a._l1 - b._l1 - c._l1, a._l2 - b._l2 - c._l2, a._l3 - b._l3 - c._l3,
        a._l4 - b._l4 - c._l4, a._l5 - b._l5 - c._l5, a._l6 - b._l6 - c._l6, a._l7 - b._l7 - c._l7);

    public readonly FpLanes Double() => this + this;

    public readonly FpLanes Square() => this * this;

    public readonly FpLanes MultiplyByThreeB()
    {
        Vector256<double> twelve = Vector256.Create(12.0);
        return Carried(
            _l0 * twelve, _l1 * twelve, _l2 * twelve, _l3 * twelve, _l4 * twelve, _l5 * twelve, _l6 * twelve, _l7 * twelve);
    }

    public readonly FpLanes Reduce()
    {
        FpLanes result = this;
        Reduce(ref result);
        return result;
    }

    /// <summary>Brings a value within ±0.6 p, in place; its limbs may be up to 2^53 - 2^50.</summary>
    internal static void Reduce(ref FpLanes element)
    {
        // Subtracts the nearest multiple of p, estimated from the top limb.
        Vector256<double> multiple = Vector256.Round(element._l7 * Vector256.Create(TopLimbOverModulus));
        Vector256<double> l0 = element._l0, l1 = element._l1, l2 = element._l2, l3 = element._l3;
        Vector256<double> l4 = element._l4, l5 = element._l5, l6 = element._l6, l7 = element._l7;
        SubtractMultiple(multiple, P0, ref l0, ref l1);
        SubtractMultiple(multiple, P1, ref l1, ref l2);
        SubtractMultiple(multiple, P2, ref l2, ref l3);
        SubtractMultiple(multiple, P3, ref l3, ref l4);
        SubtractMultiple(multiple, P4, ref l4, ref l5);
        SubtractMultiple(multiple, P5, ref l5, ref l6);
        SubtractMultiple(multiple, P6, ref l6, ref l7);
        element = Carried(l0, l1, l2, l3, l4, l5, l6, Fma.MultiplyAddNegated(multiple, Vector256.Create(P7), l7));
    }

    /// <summary>Carries in place: limbs of up to 2^53 become limbs of normal size.</summary>
    internal static void Carry(ref FpLanes element)
    {
        Vector256<double> scale = Vector256.Create(1.0 / (1L << LimbBits));
        Vector256<double> t0 = RoundToLimb(element._l0);
        Vector256<double> t1 = RoundToLimb(element._l1);
        Vector256<double> t2 = RoundToLimb(element._l2);
        Vector256<double> t3 = RoundToLimb(element._l3);
        Vector256<double> t4 = RoundToLimb(element._l4);
        Vector256<double> t5 = RoundToLimb(element._l5);
        Vector256<double> t6 = RoundToLimb(element._l6);
        element._l0 -= t0;
        element._l1 = Fma.MultiplyAdd(t0, scale, element._l1 - t1);
        element._l2 = Fma.MultiplyAdd(t1, scale, element._l2 - t2);
        element._l3 = Fma.MultiplyAdd(t2, scale, element._l3 - t3);
        element._l4 = Fma.MultiplyAdd(t3, scale, element._l4 - t4);
        element._l5 = Fma.MultiplyAdd(t4, scale, element._l5 - t5);
        element._l6 = Fma.MultiplyAdd(t5, scale, element._l6 - t6);
        element._l7 = Fma.MultiplyAdd(t6, scale, element._l7);
    }

    public readonly FpLanes Invert()
    {
        // One inversion for all lanes (Montgomery's trick), with one in place of zeros.
        Span<Fp> elements = stackalloc Fp[Count];
        Span<Fp> products = stackalloc Fp[Count];
        Store(elements);
        Fp product = Fp.One;
        for (int lane = 0; lane < Count; lane++)
        {
            products[lane] = product;
            product *= Fp.Select(elements[lane].ZeroLanes, Fp.One, elements[lane]);
        }

        Fp inverse = product.Invert();
        for (int lane = Count - 1; lane >= 0; lane--)
        {
            Fp element = elements[lane];
            elements[lane] = Fp.Select(element.ZeroLanes, Fp.Zero, inverse * products[lane]);
            inverse *= Fp.Select(element.ZeroLanes, Fp.One, element);
        }

        return Load(elements);
    }

    // The element with these limbs of up to 2^53, carried: all carries move up one limb in parallel, which leaves limbs of normal size.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpLanes Carried(
        Vector256<double> l0, Vector256<double> l1, Vector256<double> l2, Vector256<double> l3,
        Vector256<double> l4, Vector256<double> l5, Vector256<double> l6, Vector256<double> l7)
    {
        Vector256<double> scale = Vector256.Create(1.0 / (1L << LimbBits));
        Vector256<double> t0 = RoundToLimb(l0);
        Vector256<double> t1 = RoundToLimb(l1);
        Vector256<double> t2 = RoundToLimb(l2);
        Vector256<double> t3 = RoundToLimb(l3);
        Vector256<double> t4 = RoundToLimb(l4);
        Vector256<double> t5 = RoundToLimb(l5);
        Vector256<double> t6 = RoundToLimb(l6);
        return new(
            l0 - t0,
            Fma.MultiplyAdd(t0, scale, l1 - t1),
            Fma.MultiplyAdd(t1, scale, l2 - t2),
            Fma.MultiplyAdd(t2, scale, l3 - t3),
            Fma.MultiplyAdd(t3, scale, l4 - t4),
            Fma.MultiplyAdd(t4, scale, l5 - t5),
            Fma.MultiplyAdd(t5, scale, l6 - t6),
            Fma.MultiplyAdd(t6, scale, l7));
    }

    // The nearest multiple of 2^50, by addition of the anchor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> RoundToLimb(Vector256<double> limb)
    {
        Vector256<double> anchor = Vector256.Create(HighAnchor);
        return limb + anchor - anchor;
    }

    // Subtracts multiple * limb from two adjacent limbs, its multiples of 2^50 from the upper one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractMultiple(Vector256<double> multiple, double limb, ref Vector256<double> lower, ref Vector256<double> upper)
    {
        Vector256<double> anchor = Vector256.Create(HighAnchor);
        Vector256<double> high = Fma.MultiplyAdd(multiple, Vector256.Create(limb), anchor) - anchor;
        lower -= Fma.MultiplySubtract(multiple, Vector256.Create(limb), high);
        upper = Fma.MultiplyAddNegated(high, Vector256.Create(1.0 / (1L << LimbBits)), upper);
    }

    private readonly int LanesWhere(Func<Fp, int> predicate)
    {
        Span<Fp> elements = stackalloc Fp[Count];
        Store(elements);
        int lanes = 0;
        for (int lane = 0; lane < Count; lane++)
        {
            lanes |= predicate(elements[lane]) << lane;
        }

        return lanes;
    }
}
