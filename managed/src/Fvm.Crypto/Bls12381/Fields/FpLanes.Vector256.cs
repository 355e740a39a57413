// Four elements of the field at once by fused multiply-add: N. Emmart, J. Luitjens, C. Weems, C. Woolley, "Optimizing Modular
// Multiplication for NVIDIA's Maxwell GPUs", https://doi.org/10.1109/ARITH.2016.21, here with rounding to nearest and signed limbs.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

/// <summary>
/// Four integers x modulo p side by side, each held as x * 2^400 modulo p in eight signed limbs of 50 bits, a limb of all four in one
/// register of doubles.
/// </summary>
/// <remarks>
/// Limbs 0 to 6 are at most 2^49 + 4 in magnitude after every operation; limb 7 takes the rest. Values need not be below p: products lie
/// within ±0.6 p, and sums of up to a hundred of them may be multiplied again, because 2^400 is 2^19 times p. Only formulas that add
/// their own results over and over have to <see cref="Reduce"/>. Doubles must be rounded to nearest, which is how every process starts
/// and what .NET relies on as well.
/// </remarks>
internal readonly partial struct FpLanes : IPrimeField<FpLanes>
{
    /// <summary>Limbs of an element.</summary>
    internal const int LimbCount = 8;

    private const int LimbBits = 50;
    private const int Count = 4;

    private readonly Vector256<double> _l0;
    private readonly Vector256<double> _l1;
    private readonly Vector256<double> _l2;
    private readonly Vector256<double> _l3;
    private readonly Vector256<double> _l4;
    private readonly Vector256<double> _l5;
    private readonly Vector256<double> _l6;
    private readonly Vector256<double> _l7;

    // Limbs of any size up to 2^53: carries go one limb up, all at once, which leaves limbs of normal size.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FpLanes(
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
        _l0 = l0 - t0;
        _l1 = Fma.MultiplyAdd(t0, scale, l1 - t1);
        _l2 = Fma.MultiplyAdd(t1, scale, l2 - t2);
        _l3 = Fma.MultiplyAdd(t2, scale, l3 - t3);
        _l4 = Fma.MultiplyAdd(t3, scale, l4 - t4);
        _l5 = Fma.MultiplyAdd(t4, scale, l5 - t5);
        _l6 = Fma.MultiplyAdd(t5, scale, l6 - t6);
        _l7 = Fma.MultiplyAdd(t6, scale, l7);
    }

    /// <summary>Whether this machine runs this form.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int LaneCount => Count;

    public static FpLanes Zero => default;

    public static FpLanes One { get; } = Broadcast(Fp.One);

    public int ZeroLanes => Collect(static element => element.ZeroLanes);

    public int OddLanes => Collect(static element => element.OddLanes);

    public int HighLanes => Collect(static element => element.HighLanes);

    public static FpLanes Select(int lanes, in FpLanes chosen, in FpLanes other)
    {
        Vector256<long> bits = Vector256.Create(1L, 2, 4, 8);
        Vector256<double> mask = Vector256.Equals(Vector256.Create((long)lanes) & bits, bits).AsDouble();
        Unsafe.SkipInit(out FpLanes result);
        Limb(result, 0) = Vector256.ConditionalSelect(mask, chosen._l0, other._l0);
        Limb(result, 1) = Vector256.ConditionalSelect(mask, chosen._l1, other._l1);
        Limb(result, 2) = Vector256.ConditionalSelect(mask, chosen._l2, other._l2);
        Limb(result, 3) = Vector256.ConditionalSelect(mask, chosen._l3, other._l3);
        Limb(result, 4) = Vector256.ConditionalSelect(mask, chosen._l4, other._l4);
        Limb(result, 5) = Vector256.ConditionalSelect(mask, chosen._l5, other._l5);
        Limb(result, 6) = Vector256.ConditionalSelect(mask, chosen._l6, other._l6);
        Limb(result, 7) = Vector256.ConditionalSelect(mask, chosen._l7, other._l7);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpLanes operator +(in FpLanes a, in FpLanes b) => new(
        a._l0 + b._l0, a._l1 + b._l1, a._l2 + b._l2, a._l3 + b._l3, a._l4 + b._l4, a._l5 + b._l5, a._l6 + b._l6, a._l7 + b._l7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpLanes operator -(in FpLanes a, in FpLanes b) => new(
        a._l0 - b._l0, a._l1 - b._l1, a._l2 - b._l2, a._l3 - b._l3, a._l4 - b._l4, a._l5 - b._l5, a._l6 - b._l6, a._l7 - b._l7);

    public static FpLanes operator -(in FpLanes a) => Zero - a;

    public static FpLanes SumForProduct(in FpLanes a, in FpLanes b)
    {
        // Limbs of at most 2^50 and some: products of two are still split exactly.
        Unsafe.SkipInit(out FpLanes sum);
        Limb(sum, 0) = a._l0 + b._l0;
        Limb(sum, 1) = a._l1 + b._l1;
        Limb(sum, 2) = a._l2 + b._l2;
        Limb(sum, 3) = a._l3 + b._l3;
        Limb(sum, 4) = a._l4 + b._l4;
        Limb(sum, 5) = a._l5 + b._l5;
        Limb(sum, 6) = a._l6 + b._l6;
        Limb(sum, 7) = a._l7 + b._l7;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpLanes SubtractBoth(in FpLanes a, in FpLanes b, in FpLanes c) => new(
        a._l0 - b._l0 - c._l0, a._l1 - b._l1 - c._l1, a._l2 - b._l2 - c._l2, a._l3 - b._l3 - c._l3,
        a._l4 - b._l4 - c._l4, a._l5 - b._l5 - c._l5, a._l6 - b._l6 - c._l6, a._l7 - b._l7 - c._l7);

    public FpLanes Double() => this + this;

    public FpLanes Square() => this * this;

    public FpLanes MultiplyByThreeB()
    {
        Vector256<double> twelve = Vector256.Create(12.0);
        return new(
            _l0 * twelve, _l1 * twelve, _l2 * twelve, _l3 * twelve, _l4 * twelve, _l5 * twelve, _l6 * twelve, _l7 * twelve);
    }

    public FpLanes Reduce()
    {
        FpLanes result = this;
        result.ReduceInPlace();
        return result;
    }

    /// <summary>The same for an element that is being made, with limbs of up to 2^53 - 2^50.</summary>
    internal void ReduceInPlace()
    {
        // Takes off the nearest multiple of p, judged by the top limb alone: at most 0.6 p is left.
        Vector256<double> multiple = Vector256.Round(_l7 * Vector256.Create(5.730294674611452e-10));
        Vector256<double> l0 = _l0, l1 = _l1, l2 = _l2, l3 = _l3, l4 = _l4, l5 = _l5, l6 = _l6, l7 = _l7;
        SubtractMultiple(multiple, P0, ref l0, ref l1);
        SubtractMultiple(multiple, P1, ref l1, ref l2);
        SubtractMultiple(multiple, P2, ref l2, ref l3);
        SubtractMultiple(multiple, P3, ref l3, ref l4);
        SubtractMultiple(multiple, P4, ref l4, ref l5);
        SubtractMultiple(multiple, P5, ref l5, ref l6);
        SubtractMultiple(multiple, P6, ref l6, ref l7);
        Unsafe.AsRef(in this) = new(l0, l1, l2, l3, l4, l5, l6, Fma.MultiplyAddNegated(multiple, Vector256.Create(P7), l7));
    }

    /// <summary>Brings limbs of up to 2^53 to normal size, in an element that is being made.</summary>
    internal void CarryInPlace()
    {
        Vector256<double> scale = Vector256.Create(1.0 / (1L << LimbBits));
        Vector256<double> carry = Vector256<double>.Zero;
        for (int i = 0; i < LimbCount - 1; i++)
        {
            Vector256<double> limb = Limb(this, i);
            Vector256<double> rounded = RoundToLimb(limb);
            Limb(this, i) = Fma.MultiplyAdd(carry, scale, limb - rounded);
            carry = rounded;
        }

        Limb(this, LimbCount - 1) = Fma.MultiplyAdd(carry, scale, _l7);
    }

    public FpLanes Invert()
    {
        // One inversion for all lanes; a zero among them must not spoil the others.
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

    /// <summary>A limb of all elements, also for writing to an element that is being made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref Vector256<double> Limb(in FpLanes element, int index) => ref Unsafe.Add(ref Unsafe.AsRef(in element._l0), index);

    // The nearest multiple of 2^50: a sum of this size has no room for less.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> RoundToLimb(Vector256<double> limb)
    {
        Vector256<double> anchor = Vector256.Create(HighAnchor);
        return limb + anchor - anchor;
    }

    // Takes multiple * limb off two neighbours: the part above 2^50 from the upper one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractMultiple(Vector256<double> multiple, double limb, ref Vector256<double> lower, ref Vector256<double> upper)
    {
        Vector256<double> anchor = Vector256.Create(HighAnchor);
        Vector256<double> high = Fma.MultiplyAdd(multiple, Vector256.Create(limb), anchor) - anchor;
        lower -= Fma.MultiplySubtract(multiple, Vector256.Create(limb), high);
        upper = Fma.MultiplyAddNegated(high, Vector256.Create(1.0 / (1L << LimbBits)), upper);
    }

    private int Collect(Func<Fp, int> predicate)
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
