// One point of y^2 = x^3 + 4(1 + u) with two coordinates in a vector: the doubling of Point, two products at a time.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fvm.Crypto.Bls12381;

/// <summary>A point (X/Z, Y/Z) as the pairs (X, Y) and (Y, Z), for work on one point at a time, where other slots would idle.</summary>
internal readonly struct SlotPoint
{
    private readonly FpLanes _xy;
    private readonly FpLanes _yz;

    /// <summary>|x| times a point that both slots hold, where x is the curve's parameter.</summary>
    public static Point<PairedFp2> MultiplyByParameter(in Point<PairedFp2> point)
    {
        SlotPoint result = new(point);
        for (int bit = CurveParameter.TopBit - 1; bit >= 0; bit--)
        {
            Double(ref result);
            if (CurveParameter.IsSet(bit))
            {
                result = new(result.ToPoint() + point);
            }
        }

        return result.ToPoint();
    }

    /// <summary>Whether a point is in the subgroup, as <see cref="G2{T}.InSubgroupLanes(in Affine{T})"/>.</summary>
    public static bool IsInSubgroup(in Affine<Fp2<Fp>> point)
    {
        Point<PairedFp2> both = new(PairedFp2.Broadcast(point.X), PairedFp2.Broadcast(point.Y), PairedFp2.One);
        return G2<PairedFp2>.InSubgroupLanes(both, MultiplyByParameter(both)) != 0;
    }

    /// <summary>As <see cref="G2{T}.ClearCofactor(in Point{T})"/>; the result is in both slots.</summary>
    public static Point<PairedFp2> ClearCofactor(in Point<Fp2<Fp>> point)
    {
        Point<PairedFp2> both = new(PairedFp2.Broadcast(point.X), PairedFp2.Broadcast(point.Y), PairedFp2.Broadcast(point.Z));
        Point<PairedFp2> multiple = MultiplyByParameter(both);
        Point<PairedFp2> outer = MultiplyByParameter(G2<PairedFp2>.InnerSum(both, multiple));
        return G2<PairedFp2>.ClearCofactor(both, multiple, outer);
    }

    private SlotPoint(in Point<PairedFp2> point)
    {
        _xy = PairedFp2.Blend(point.X, point.Y).Lanes;
        _yz = PairedFp2.Blend(point.Y, point.Z).Lanes;
    }

    private static void Double(ref SlotPoint point)
    {
        // (xy, yz) and (yy, zz), then s = (yy, 4 zz (1 + u)).
        FpLanes.MultiplyPaired(point._xy, point._yz, out FpLanes mixed);
        FpLanes s = FpLanes.SquarePaired(point._yz);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = FpLanes.Limb(s, i);
            FpLanes.Limb(s, i) = FpLanes.Choose(limb, FpLanes.Turn(limb) * Vector256.Create(4.0));
        }

        s.CarryInPlace();

        // With b = 12 zz (1 + u): (yy - 3 b, yy - 3 b) (xy, yy + b) and (8 yy, 8 yy) (b, yz).
        Unsafe.SkipInit(out FpLanes left);
        Unsafe.SkipInit(out FpLanes right);
        Unsafe.SkipInit(out FpLanes otherLeft);
        Unsafe.SkipInit(out FpLanes otherRight);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> products = FpLanes.Limb(mixed, i);
            Vector256<double> yy = FpLanes.First(FpLanes.Limb(s, i));
            Vector256<double> quarters = FpLanes.Second(FpLanes.Limb(s, i));
            Vector256<double> b = quarters * Vector256.Create(3.0);
            FpLanes.Limb(left, i) = yy - (b * Vector256.Create(3.0));
            FpLanes.Limb(right, i) = FpLanes.Choose(products, yy + b);
            FpLanes.Limb(otherLeft, i) = yy * Vector256.Create(8.0);
            FpLanes.Limb(otherRight, i) = FpLanes.Choose(b, products);
        }

        left.CarryInPlace();
        otherLeft.CarryInPlace();
        FpLanes.MultiplyPaired(left, right, out FpLanes first);
        FpLanes.MultiplyPaired(otherLeft, otherRight, out FpLanes second);

        // X = 2 (yy - 3 b) xy, Y = (yy - 3 b)(yy + b) + 8 yy b, Z = 8 yy yz
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> x = FpLanes.Limb(first, i);
            Vector256<double> z = FpLanes.Limb(second, i);
            Vector256<double> y = FpLanes.Cross(x, z) + FpLanes.KeepFirst(z);
            FpLanes.Limb(point._xy, i) = FpLanes.Choose(x + x, FpLanes.Swap(y));
            FpLanes.Limb(point._yz, i) = FpLanes.Choose(y, z);
        }

        point._xy.CarryInPlace();
        point._yz.CarryInPlace();
    }

    // All coordinates, in both slots.
    private Point<PairedFp2> ToPoint()
    {
        Unsafe.SkipInit(out FpLanes x);
        Unsafe.SkipInit(out FpLanes y);
        Unsafe.SkipInit(out FpLanes z);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            FpLanes.Limb(x, i) = FpLanes.First(FpLanes.Limb(_xy, i));
            FpLanes.Limb(y, i) = FpLanes.First(FpLanes.Limb(_yz, i));
            FpLanes.Limb(z, i) = FpLanes.Second(FpLanes.Limb(_yz, i));
        }

        return new(new(x), new(y), new(z));
    }
}
