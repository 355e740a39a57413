namespace Fvm.Crypto;

/// <summary>A point other than infinity, in affine coordinates.</summary>
internal readonly record struct Secp256k1Affine(Secp256k1Field X, Secp256k1Field Y)
{
    /// <summary>The generator G.</summary>
    public static Secp256k1Affine Generator => new(
        new(0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07, 0x79be_667e_f9dc_bbac),
        new(0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8, 0x483a_da77_26a3_c465));

    // A cube root of unity in the field; multiplying x by it multiplies the point by Secp256k1Endomorphism's lambda.
    internal static Secp256k1Field Beta => new(0xc139_6c28_7195_01ee, 0x9cf0_4975_12f5_8995, 0x6e64_479e_ac34_34e9, 0x7ae9_6a2b_657c_0710);

    /// <summary>The point with this x and the given parity of y, if it exists.</summary>
    public static bool TryDecompress(in Secp256k1Field x, bool odd, out Secp256k1Affine point)
    {
        bool found = ((x.Square() * x) + new Secp256k1Field(7, 0, 0, 0)).TrySquareRoot(out Secp256k1Field y);
        point = new(x, y.IsOdd == odd ? y : -y);
        return found;
    }

    /// <summary>Lambda times this point.</summary>
    public Secp256k1Affine Endomorphism() => new(X * Beta, Y);

    public static Secp256k1Affine operator -(in Secp256k1Affine point) => new(point.X, -point.Y);
}

/// <summary>
/// A point (X/Z^2, Y/Z^3) of y^2 = x^3 + 7 in Jacobian coordinates; Z is zero at infinity. Formulas: dbl-2009-l, madd-2007-bl and
/// add-2007-bl (without their scaling by two) of https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-0.html.
/// </summary>
internal readonly struct Secp256k1Point(Secp256k1Field x, Secp256k1Field y, Secp256k1Field z)
{
    public readonly Secp256k1Field X = x;
    public readonly Secp256k1Field Y = y;
    public readonly Secp256k1Field Z = z;

    public static Secp256k1Point Infinity => default;

    public bool IsInfinity => Z.IsZero;

    public Secp256k1Point(in Secp256k1Affine point)
        : this(point.X, point.Y, Secp256k1Field.One)
    {
    }

    public Secp256k1Point Double()
    {
        // No point of the curve has y = 0 (its order is odd), and infinity doubles to Z = 0.
        Secp256k1Field a = X.Square();
        Secp256k1Field b = Y.Square();
        Secp256k1Field c = b.Square();
        Secp256k1Field d = (X + b).Square() - a - c;
        d += d;
        Secp256k1Field e = a + a + a;
        Secp256k1Field x = e.Square() - d - d;
        c += c;
        c += c;
        c += c;
        Secp256k1Field y = (e * (d - x)) - c;
        Secp256k1Field z = Y * Z;
        return new(x, y, z + z);
    }

    public static Secp256k1Point operator +(in Secp256k1Point p, in Secp256k1Affine q)
    {
        if (p.IsInfinity)
        {
            return new(q);
        }

        Secp256k1Field zz = p.Z.Square();
        Secp256k1Field h = (q.X * zz) - p.X;
        Secp256k1Field r = (q.Y * (zz * p.Z)) - p.Y;
        return Finish(p, h, r, p.X, p.Y, p.Z * h);
    }

    public static Secp256k1Point operator +(in Secp256k1Point p, in Secp256k1Point q)
    {
        if (p.IsInfinity)
        {
            return q;
        }

        if (q.IsInfinity)
        {
            return p;
        }

        Secp256k1Field pzz = p.Z.Square();
        Secp256k1Field qzz = q.Z.Square();
        Secp256k1Field u = p.X * qzz;
        Secp256k1Field s = p.Y * (qzz * q.Z);
        Secp256k1Field h = (q.X * pzz) - u;
        Secp256k1Field r = (q.Y * (pzz * p.Z)) - s;
        return Finish(p, h, r, u, s, p.Z * q.Z * h);
    }

    /// <summary>The affine form of each point; none may be the point at infinity.</summary>
    public static void Normalize(ReadOnlySpan<Secp256k1Point> points, Span<Secp256k1Affine> result)
    {
        // One inversion, of the product of all Z (Montgomery's trick).
        Span<Secp256k1Field> products = stackalloc Secp256k1Field[points.Length];
        Secp256k1Field product = Secp256k1Field.One;
        for (int i = 0; i < points.Length; i++)
        {
            products[i] = product;
            product *= points[i].Z;
        }

        Secp256k1Field inverse = product.Invert();
        for (int i = points.Length - 1; i >= 0; i--)
        {
            Secp256k1Field zInverse = inverse * products[i];
            inverse *= points[i].Z;
            Secp256k1Field square = zInverse.Square();
            result[i] = new(points[i].X * square, points[i].Y * (square * zInverse));
        }
    }

    // The common last steps of both additions: h and r are the differences of x and y over a common denominator, u and s the x and y of p
    // over it.
    private static Secp256k1Point Finish(
        in Secp256k1Point p, in Secp256k1Field h, in Secp256k1Field r, in Secp256k1Field u, in Secp256k1Field s, in Secp256k1Field z)
    {
        if (h.IsZero)
        {
            return r.IsZero ? p.Double() : Infinity;
        }

        Secp256k1Field hh = h.Square();
        Secp256k1Field hhh = hh * h;
        Secp256k1Field v = u * hh;
        Secp256k1Field x = r.Square() - hhh - v - v;
        return new(x, (r * (v - x)) - (s * hhh), z);
    }
}
