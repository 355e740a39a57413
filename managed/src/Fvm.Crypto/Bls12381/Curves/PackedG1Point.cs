using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <summary>
/// A single point (X/Z, Y/Z) of y^2 = x^3 + 4, with the coordinates in the lanes (X, Y, Z, unused) of one vector: the formulas of
/// <see cref="Point{TField}"/> with up to four field products per vector multiplication.
/// </summary>
internal readonly struct PackedG1Point
{
    // The lane order (1, 2, 0, 3).
    private const byte Rotation = 0b11_00_10_01;

    private readonly FpLanes _coordinates;

    private PackedG1Point(in FpLanes coordinates) => _coordinates = coordinates;

    public PackedG1Point(in Affine<Fp> point)
        : this(FpLanes.Load([point.X, point.Y, Fp.One, Fp.Zero]))
    {
    }

    public static PackedG1Point operator +(in PackedG1Point p, in PackedG1Point q)
    {
        // (xx, yy, zz), and from the products of sums (xy, yz, zx).
        FpLanes squares = p._coordinates * q._coordinates;
        FpLanes mixed = NeighbourSums(p._coordinates) * NeighbourSums(q._coordinates);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = squares[i];
            mixed[i] = mixed[i] - limb - Avx2.Permute4x64(limb, Rotation);
        }

        FpLanes.Carry(ref mixed);

        // (yy - 12 zz, yy + 12 zz, 12 zx, 3 xx) = (minus, plus, bzx, xx3)
        FpLanes sums = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = squares[i];
            Vector256<double> other = Avx.Blend(Avx2.Permute4x64(limb, 0b00_00_10_10), mixed[i], 0b0100);
            Vector256<double> yy = Avx.Blend(Avx2.Permute4x64(limb, 0b01_01_01_01), Vector256<double>.Zero, 0b1100);
            sums[i] = Fma.MultiplyAdd(other, Vector256.Create(-12.0, 12, 12, 3), yy);
        }

        // (xy minus, minus plus, plus yz) + (-yz bzx, bzx xx3, xx3 xy)
        FpLanes.Carry(ref sums);
        FpLanes first = BlendPermuted(mixed, sums, 0b01_01_00_00, 0b00_01_00_00, 0b0110)
            * BlendPermuted(mixed, sums, 0b01_01_01_01, 0b00_00_01_00, 0b0011);
        FpLanes second = BlendPermuted(mixed, sums, 0b01_01_01_01, 0b11_11_10_10, 0b0110)
            * BlendPermuted(mixed, sums, 0, 0b11_11_11_10, 0b0011);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            first[i] = Fma.MultiplyAdd(second[i], Vector256.Create(-1.0, 1, 1, 0), first[i]);
        }

        FpLanes.Carry(ref first);
        return new(first);
    }

    public PackedG1Point Double()
    {
        // (Y, 2 Z, X, Y) (Y, 2 Z, Y, Z) = (yy, 4 zz, xy, yz). Doubled limbs are valid factors without a carry.
        FpLanes left = default;
        FpLanes right = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = _coordinates[i];
            left[i] = Avx2.Permute4x64(limb, 0b01_00_10_01) * Vector256.Create(1.0, 2, 1, 1);
            right[i] = Avx2.Permute4x64(limb, 0b10_01_10_01) * Vector256.Create(1.0, 2, 1, 1);
        }

        // (minus, minus, 8 yy, 8 yy) (xy, plus, 12 zz, yz), where minus = yy - 36 zz and plus = yy + 12 zz.
        FpLanes products = left * right;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = products[i];
            Vector256<double> zz = Avx2.Permute4x64(limb, 0b01_01_01_01);
            left[i] = Fma.MultiplyAdd(
                Avx2.Permute4x64(limb, 0), Vector256.Create(1.0, 1, 8, 8), zz * Vector256.Create(-9.0, -9, 0, 0));
            right[i] = Fma.MultiplyAdd(
                Avx2.Permute4x64(limb, 0b11_01_00_10), Vector256.Create(1.0, 1, 3, 1), zz * Vector256.Create(0.0, 3, 0, 0));
        }

        // X = 2 minus xy, Y = minus plus + 8 yy 12 zz, Z = 8 yy yz
        FpLanes.Carry(ref left);
        FpLanes.Carry(ref right);
        products = left * right;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = products[i];
            Vector256<double> other = Avx2.Permute4x64(limb, 0b11_11_10_00);
            left[i] = Avx.Blend(limb, other, 0b0100) + Avx.Blend(other, Vector256<double>.Zero, 0b1100);
        }

        return new(left);
    }

    /// <summary>|x| times this point, where x is the curve parameter.</summary>
    public PackedG1Point MultiplyByParameter()
    {
        PackedG1Point result = this;
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

    /// <summary>The point with single field elements as coordinates.</summary>
    public Point<Fp> ToPoint()
    {
        Span<Fp> coordinates = stackalloc Fp[FpLanes.LaneCount];
        _coordinates.Store(coordinates);
        return new(coordinates[0], coordinates[1], coordinates[2]);
    }

    // (X + Y, Y + Z, Z + X)
    private static FpLanes NeighbourSums(in FpLanes a)
    {
        FpLanes result = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            result[i] = a[i] + Avx2.Permute4x64(a[i], Rotation);
        }

        FpLanes.Carry(ref result);
        return result;
    }

    // Permutes the lanes of both vectors, then blends: b in the lanes whose mask bit is set, otherwise a.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FpLanes BlendPermuted(
        in FpLanes a, in FpLanes b, [ConstantExpected] byte orderOfA, [ConstantExpected] byte orderOfB, [ConstantExpected] byte maskOfB)
    {
        FpLanes result = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            result[i] = Avx.Blend(Avx2.Permute4x64(a[i], orderOfA), Avx2.Permute4x64(b[i], orderOfB), maskOfB);
        }

        return result;
    }
}
