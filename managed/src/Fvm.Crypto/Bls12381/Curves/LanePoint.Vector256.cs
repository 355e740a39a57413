// One point of y^2 = x^3 + 4 with its coordinates side by side: the formulas of Point, several products at a time.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto.Bls12381;

/// <summary>A point (X/Z, Y/Z) in the lanes (X, Y, Z, anything), for work on one point at a time, where other lanes would idle.</summary>
internal readonly struct LanePoint
{
    private readonly FpLanes _coordinates;

    private LanePoint(in FpLanes coordinates) => _coordinates = coordinates;

    public LanePoint(in Affine<Fp> point)
        : this(FpLanes.Load([point.X, point.Y, Fp.One, Fp.Zero]))
    {
    }

    public static LanePoint operator +(in LanePoint p, in LanePoint q) => new(FpLanes.AddPoints(p._coordinates, q._coordinates));

    public LanePoint Double() => new(FpLanes.DoublePoint(_coordinates));

    /// <summary>|x| times this point, where x is the curve's parameter.</summary>
    public LanePoint MultiplyByParameter()
    {
        LanePoint result = this;
        for (int bit = CurveParameter.TopBit - 1; bit >= 0; bit--)
        {
            result = result.Double();
            if (CurveParameter.IsSet(bit))
            {
                result += this;
            }
        }

        return result;
    }

    /// <summary>The coordinates, one after the other.</summary>
    public Point<Fp> ToPoint()
    {
        Span<Fp> coordinates = stackalloc Fp[FpLanes.LaneCount];
        _coordinates.Store(coordinates);
        return new(coordinates[0], coordinates[1], coordinates[2]);
    }
}

internal readonly partial struct FpLanes
{
    /// <summary>Twice the point (X, Y, Z).</summary>
    internal static FpLanes DoublePoint(in FpLanes point)
    {
        // (Y, 2 Z, X, Y) (Y, 2 Z, Y, Z) = (yy, 4 zz, xy, yz). Doubles need no carries to be multiplied.
        Unsafe.SkipInit(out FpLanes left);
        Unsafe.SkipInit(out FpLanes right);
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(point, i);
            Limb(left, i) = Avx2.Permute4x64(limb, 0b01_00_10_01) * Vector256.Create(1.0, 2, 1, 1);
            Limb(right, i) = Avx2.Permute4x64(limb, 0b10_01_10_01) * Vector256.Create(1.0, 2, 1, 1);
        }

        // (minus, minus, 8 yy, 8 yy) (xy, plus, 12 zz, yz), where minus = yy - 36 zz and plus = yy + 12 zz.
        FpLanes products = left * right;
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(products, i);
            Vector256<double> zz = Avx2.Permute4x64(limb, 0b01_01_01_01);
            Limb(left, i) = Fma.MultiplyAdd(
                Avx2.Permute4x64(limb, 0), Vector256.Create(1.0, 1, 8, 8), zz * Vector256.Create(-9.0, -9, 0, 0));
            Limb(right, i) = Fma.MultiplyAdd(
                Avx2.Permute4x64(limb, 0b11_01_00_10), Vector256.Create(1.0, 1, 3, 1), zz * Vector256.Create(0.0, 3, 0, 0));
        }

        // X = 2 minus xy, Y = minus plus + 8 yy 12 zz, Z = 8 yy yz
        products = left.Carry() * right;
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(products, i);
            Vector256<double> other = Avx2.Permute4x64(limb, 0b11_11_10_00);
            Limb(left, i) = Avx.Blend(limb, other, 0b0100) + Avx.Blend(other, Vector256<double>.Zero, 0b1100);
        }

        return left;
    }

    /// <summary>The sum of two points (X, Y, Z).</summary>
    internal static FpLanes AddPoints(in FpLanes p, in FpLanes q)
    {
        // (xx, yy, zz), and from the products of sums (xy, yz, zx).
        FpLanes squares = p * q;
        FpLanes mixed = AddRotated(p) * AddRotated(q);
        Unsafe.SkipInit(out FpLanes left);
        Unsafe.SkipInit(out FpLanes right);
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(squares, i);
            Limb(left, i) = Limb(mixed, i) - limb - Avx2.Permute4x64(limb, Rotation);
        }

        mixed = left.Carry();

        // (yy - 12 zz, yy + 12 zz, 12 zx, 3 xx) = (minus, plus, bzx, xx3)
        for (int i = 0; i < LimbCount; i++)
        {
            Vector256<double> limb = Limb(squares, i);
            Vector256<double> other = Avx.Blend(Avx2.Permute4x64(limb, 0b00_00_10_10), Limb(mixed, i), 0b0100);
            Vector256<double> yy = Avx.Blend(Avx2.Permute4x64(limb, 0b01_01_01_01), Vector256<double>.Zero, 0b1100);
            Limb(left, i) = Fma.MultiplyAdd(other, Vector256.Create(-12.0, 12, 12, 3), yy);
        }

        // (xy minus, minus plus, plus yz) + (-yz bzx, bzx xx3, xx3 xy)
        FpLanes sums = left.Carry();
        FpLanes first = TakeLanes(mixed, sums, 0b01_01_00_00, 0b00_01_00_00, 0b0110)
            * TakeLanes(mixed, sums, 0b01_01_01_01, 0b00_00_01_00, 0b0011);
        FpLanes second = TakeLanes(mixed, sums, 0b01_01_01_01, 0b11_11_10_10, 0b0110)
            * TakeLanes(mixed, sums, 0, 0b11_11_11_10, 0b0011);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(left, i) = Fma.MultiplyAdd(Limb(second, i), Vector256.Create(-1.0, 1, 1, 0), Limb(first, i));
        }

        return left.Carry();
    }

    // The lanes (1, 2, 0, 3).
    private const byte Rotation = 0b11_00_10_01;

    // (X + Y, Y + Z, Z + X)
    private static FpLanes AddRotated(in FpLanes a)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Limb(a, i) + Avx2.Permute4x64(Limb(a, i), Rotation);
        }

        return result.Carry();
    }

    // Lanes of two vectors, each in an order, the second's where the mask has a bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpLanes TakeLanes(
        in FpLanes a, in FpLanes b, [ConstantExpected] byte orderOfA, [ConstantExpected] byte orderOfB, [ConstantExpected] byte maskOfB)
    {
        Unsafe.SkipInit(out FpLanes result);
        for (int i = 0; i < LimbCount; i++)
        {
            Limb(result, i) = Avx.Blend(Avx2.Permute4x64(Limb(a, i), orderOfA), Avx2.Permute4x64(Limb(b, i), orderOfB), maskOfB);
        }

        return result;
    }

    // The same value in limbs of normal size.
    private FpLanes Carry() => new(_l0, _l1, _l2, _l3, _l4, _l5, _l6, _l7);
}
