namespace Fvm.Crypto;

/// <summary>A point in affine coordinates, which infinity does not have.</summary>
internal readonly struct Affine<TField>(in TField x, in TField y)
    where TField : struct, IField<TField>
{
    public readonly TField X = x;
    public readonly TField Y = y;

    public static Affine<TField> operator -(in Affine<TField> point) => new(point.X, -point.Y);
}

/// <summary>A point (X/Z, Y/Z) of y^2 = x^3 + b in homogeneous coordinates; Z is zero at infinity.</summary>
/// <remarks>
/// J. Renes, C. Costello, L. Batina, "Complete addition formulas for prime order elliptic curves", https://eprint.iacr.org/2015/1060,
/// algorithms 7 to 9. Complete formulas are valid for every pair of points, so lanes never branch.
/// </remarks>
internal readonly struct Point<TField>(in TField x, in TField y, in TField z)
    where TField : struct, IField<TField>
{
    public readonly TField X = x;
    public readonly TField Y = y;
    public readonly TField Z = z;

    public Point(in Affine<TField> point)
        : this(point.X, point.Y, TField.One)
    {
    }

    public static Point<TField> operator -(in Point<TField> point) => new(point.X, -point.Y, point.Z);

    public static Point<TField> operator -(in Point<TField> p, in Point<TField> q) => p + (-q);

    public static Point<TField> operator +(in Point<TField> p, in Point<TField> q)
    {
        TField xx = p.X * q.X;
        TField yy = p.Y * q.Y;
        TField zz = p.Z * q.Z;
        TField xy = ((p.X + p.Y) * (q.X + q.Y)) - xx - yy;
        TField yz = ((p.Y + p.Z) * (q.Y + q.Z)) - yy - zz;
        TField xz = ((p.X + p.Z) * (q.X + q.Z)) - xx - zz;
        TField bzz = zz.MultiplyByThreeB();
        TField bxz = xz.MultiplyByThreeB();
        TField plus = yy + bzz;
        TField minus = yy - bzz;
        TField xx3 = xx.Double() + xx;
        return new((xy * minus) - (yz * bxz), (bxz * xx3) + (minus * plus), (plus * yz) + (xx3 * xy));
    }

    public Point<TField> Double()
    {
        TField yy = Y.Square();
        TField bzz = Z.Square().MultiplyByThreeB();
        TField yy8 = yy.Double().Double().Double();
        TField minus = yy - (bzz.Double() + bzz);
        TField xy = X * Y;
        return new((minus * xy).Double(), (minus * (yy + bzz)) + (yy8 * bzz), yy8 * (Y * Z));
    }

    /// <summary>|x| times this point, where x is the curve parameter.</summary>
    public Point<TField> MultiplyByParameter()
    {
        Point<TField> result = this;
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

    /// <summary>The affine coordinates, and the lanes at infinity (with undefined coordinates).</summary>
    public Affine<TField> ToAffine(out int infinity)
    {
        infinity = Z.ZeroLanes;
        TField inverse = Z.Invert();
        return new(X * inverse, Y * inverse);
    }

    /// <summary>The lanes with equal points.</summary>
    public int EqualLanes(in Point<TField> other)
    {
        int here = Z.ZeroLanes;
        int there = other.Z.ZeroLanes;
        int same = ((X * other.Z) - (other.X * Z)).ZeroLanes & ((Y * other.Z) - (other.Y * Z)).ZeroLanes;
        return (here & there) | (same & ~here & ~there);
    }
}
