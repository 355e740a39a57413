using System.Runtime.InteropServices;

namespace Fvm.Crypto;

/// <summary>A point other than infinity, in affine coordinates.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Secp256k1Affine(Secp256k1Field X, Secp256k1Field Y)
{
    /// <summary>The generator G.</summary>
    public static Secp256k1Affine Generator => new(
        new(0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07, 0x79be_667e_f9dc_bbac),
        new(0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8, 0x483a_da77_26a3_c465));

    // A cube root of unity in the field; multiplying x by it multiplies the point by Secp256k1Endomorphism's lambda.
    internal static Secp256k1Field Beta => new(0xc139_6c28_7195_01ee, 0x9cf0_4975_12f5_8995, 0x6e64_479e_ac34_34e9, 0x7ae9_6a2b_657c_0710);

    /// <summary>The point with this x and the given parity of y, if it exists.</summary>
    public static bool TryDecompress(Secp256k1Kernel? kernel, in Secp256k1Field x, bool odd, out Secp256k1Affine point)
    {
        bool found = ((x.Square() * x) + new Secp256k1Field(7, 0, 0, 0)).TrySquareRoot(kernel, out Secp256k1Field y);
        point = new(x, y.IsOdd == odd ? y : -y);
        return found;
    }

    /// <summary>Lambda times this point.</summary>
    public Secp256k1Affine Endomorphism() => new(X * Beta, Y);

    /// <summary>The image (X z^2, Y z^3) on the isomorphic curve y^2 = x^3 + 7 z^6.</summary>
    public Secp256k1Affine Scale(in Secp256k1Field z)
    {
        Secp256k1Field square = z.Square();
        return new(X * square, Y * (square * z));
    }

    public static Secp256k1Affine operator -(in Secp256k1Affine point) => new(point.X, -point.Y);
}

/// <summary>
/// A point (X/Z^2, Y/Z^3) of y^2 = x^3 + 7 in Jacobian coordinates; Z is zero at infinity. Formulas: dbl-2009-l with Z halved, and madd-2007-bl
/// without its scaling by two, of https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-0.html.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
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
        Secp256k1Field square = X.Square();
        Secp256k1Field l = (square + square + square).Halve();
        Secp256k1Field s = Y.Square();
        Secp256k1Field t = X * s;
        Secp256k1Field x = l.Square() - t - t;
        return new(x, (l * (t - x)) - s.Square(), Y * Z);
    }

    public static Secp256k1Point operator +(in Secp256k1Point p, in Secp256k1Affine q) => Add(p, q, out _);

    /// <summary>The sum, and the ratio of its Z to that of <paramref name="p"/>, if neither p nor the sum is infinity, and p is not q.</summary>
    public static Secp256k1Point Add(in Secp256k1Point p, in Secp256k1Affine q, out Secp256k1Field ratio)
    {
        ratio = Secp256k1Field.One;
        if (p.IsInfinity)
        {
            return new(q);
        }

        // The differences of x and y over a common denominator.
        Secp256k1Field zz = p.Z.Square();
        Secp256k1Field h = (q.X * zz) - p.X;
        Secp256k1Field r = (q.Y * (zz * p.Z)) - p.Y;
        if (h.IsZero)
        {
            return r.IsZero ? p.Double() : Infinity;
        }

        ratio = h;
        Secp256k1Field hh = h.Square();
        Secp256k1Field hhh = hh * h;
        Secp256k1Field v = p.X * hh;
        Secp256k1Field x = r.Square() - hhh - v - v;
        return new(x, (r * (v - x)) - (p.Y * hhh), p.Z * h);
    }

    /// <summary>The affine form; this must not be infinity.</summary>
    public Secp256k1Affine ToAffine() => new Secp256k1Affine(X, Y).Scale(Z.Invert());
}
