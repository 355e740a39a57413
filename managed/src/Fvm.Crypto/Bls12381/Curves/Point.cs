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
        TField.MultiplyTwice(p.X, q.X, out TField xx, p.Y, q.Y, out TField yy);
        TField.MultiplyTwice(p.Z, q.Z, out TField zz, p.X + p.Y, q.X + q.Y, out TField xy);
        TField.MultiplyTwice(p.Y + p.Z, q.Y + q.Z, out TField yz, p.X + p.Z, q.X + q.Z, out TField xz);
        xy = xy - xx - yy;
        yz = yz - yy - zz;
        xz = xz - xx - zz;
        TField bzz = zz.MultiplyByThreeB();
        TField bxz = xz.MultiplyByThreeB();
        TField plus = yy + bzz;
        TField minus = yy - bzz;
        TField xx3 = xx.Double() + xx;
        TField.MultiplyTwice(xy, minus, out TField x0, yz, bxz, out TField x1);
        TField.MultiplyTwice(bxz, xx3, out TField y0, minus, plus, out TField y1);
        TField.MultiplyTwice(plus, yz, out TField z0, xx3, xy, out TField z1);
        return new(x0 - x1, y0 + y1, z0 + z1);
    }

    public Point<TField> Double()
    {
        TField yy = Y.Square();
        TField bzz = Z.Square().MultiplyByThreeB();
        TField yy8 = yy.Double().Double().Double();
        TField minus = yy - (bzz.Double() + bzz);
        TField.MultiplyTwice(X, Y, out TField xy, Y, Z, out TField yz);
        TField.MultiplyTwice(minus, xy, out TField x, minus, yy + bzz, out TField y0);
        TField.MultiplyTwice(yy8, bzz, out TField y1, yy8, yz, out TField z);
        return new(x.Double(), y0 + y1, z);
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
