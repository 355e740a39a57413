using System.Runtime.Intrinsics;

namespace Fvm.Crypto;

/// <summary>
/// A single point (X/Z, Y/Z) of y^2 = x^3 + 4(1 + u), as slots (X, Y) and (Y, Z): the doubling of <see cref="Point{TField}"/> with two
/// products in Fp2 per vector multiplication.
/// </summary>
internal struct PackedG2Point
{
    private FpLanes _xy;
    private FpLanes _yz;

    /// <summary>|x| times a point, where x is the curve parameter; argument and result are in both slots.</summary>
    public static Point<PairedFp2> MultiplyByParameter(in Point<PairedFp2> point)
    {
        PackedG2Point result = new(point);
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

    /// <summary>Checks subgroup membership, as <see cref="G2{T}.InSubgroupLanes(in Affine{T})"/>.</summary>
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

    private PackedG2Point(in Point<PairedFp2> point)
    {
        _xy = PairedFp2.LowHigh(point.X, point.Y).Lanes;
        _yz = PairedFp2.LowHigh(point.Y, point.Z).Lanes;
    }

    private static void Double(ref PackedG2Point point)
    {
        // (xy, yz) and (yy, zz), then s = (yy, 4 zz (1 + u)).
        FpLanes.MultiplyAndSquarePaired(point._xy, point._yz, out FpLanes mixed, point._yz, out FpLanes s);
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> limb = s[i];
            s[i] = Slots.LowHigh(limb, Slots.TimesNonResidue(limb) * Vector256.Create(4.0));
        }

        FpLanes.Carry(ref s);

        // With b = 12 zz (1 + u): (yy - 3 b, yy - 3 b) (xy, yy + b) and (8 yy, 8 yy) (b, yz).
        FpLanes left = default;
        FpLanes right = default;
        FpLanes otherLeft = default;
        FpLanes otherRight = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> products = mixed[i];
            Vector256<double> yy = Slots.BroadcastLow(s[i]);
            Vector256<double> quarters = Slots.BroadcastHigh(s[i]);
            Vector256<double> b = quarters * Vector256.Create(3.0);
            left[i] = yy - (b * Vector256.Create(3.0));
            right[i] = Slots.LowHigh(products, yy + b);
            otherLeft[i] = yy * Vector256.Create(8.0);
            otherRight[i] = Slots.LowHigh(b, products);
        }

        FpLanes.Carry(ref left);
        FpLanes.Carry(ref right);
        FpLanes.Carry(ref otherLeft);
        FpLanes.MultiplyPairedTwice(left, right, out FpLanes first, otherLeft, otherRight, out FpLanes second);

        // X = 2 (yy - 3 b) xy, Y = (yy - 3 b)(yy + b) + 8 yy b, Z = 8 yy yz
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            Vector256<double> x = first[i];
            Vector256<double> z = second[i];
            Vector256<double> y = Slots.HighLow(x, z) + Slots.ZeroHigh(z);
            point._xy[i] = Slots.LowHigh(x + x, Slots.Swap(y));
            point._yz[i] = Slots.LowHigh(y, z);
        }

        FpLanes.Carry(ref point._xy);
        FpLanes.Carry(ref point._yz);
    }

    // All coordinates, duplicated in both slots.
    private readonly Point<PairedFp2> ToPoint()
    {
        FpLanes x = default;
        FpLanes y = default;
        FpLanes z = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            x[i] = Slots.BroadcastLow(_xy[i]);
            y[i] = Slots.BroadcastLow(_yz[i]);
            z[i] = Slots.BroadcastHigh(_yz[i]);
        }

        return new(new(x), new(y), new(z));
    }
}
