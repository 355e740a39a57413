namespace Fvm.Crypto;

/// <summary>
/// Decomposes k as k1 + k2 * lambda modulo n with halves of at most 128 bits, where lambda is the cube root of unity that
/// <see cref="Secp256k1Affine.Endomorphism"/> multiplies by: R. Gallant, R. Lambert, S. Vanstone, "Faster Point Multiplication on Elliptic
/// Curves with Efficient Endomorphisms", https://doi.org/10.1007/3-540-44647-8_11.
/// </summary>
internal static class Secp256k1Endomorphism
{
    /// <summary>Limbs of a half.</summary>
    public const int Limbs = 2;

    // The lattice of (x, y) with x + y * lambda = 0 mod n has the short basis (A, -B), (A + B, A).
    internal static ReadOnlySpan<ulong> A => [0xe86c_90e4_9284_eb15, 0x3086_d221_a7d4_6bcd];

    internal static ReadOnlySpan<ulong> B => [0x6f54_7fa9_0abf_e4c3, 0xe443_7ed6_010e_8828];

    internal static ReadOnlySpan<ulong> Sum => [0x57c1_108d_9d44_cfd8, 0x14ca_50f7_a8e2_f3f6, 1];

    // A and B times 2^384 / n, rounded: a multiplication by them and a shift by 384 bits replace a division by n.
    internal static ReadOnlySpan<ulong> ScaledA =>
        [0xe893_209a_45db_b031, 0x3daa_8a14_71e8_ca7f, 0xe86c_90e4_9284_eb15, 0x3086_d221_a7d4_6bcd];

    internal static ReadOnlySpan<ulong> ScaledB =>
        [0x1571_b4ae_8ac4_7f71, 0x2212_08ac_9df5_06c6, 0x6f54_7fa9_0abf_e4c4, 0xe443_7ed6_010e_8828];

    /// <summary>Splits a scalar into the magnitudes and signs of two halves.</summary>
    public static void Split(
        in Secp256k1Scalar scalar, Span<ulong> first, out bool firstNegative, Span<ulong> second, out bool secondNegative)
    {
        Span<ulong> k = stackalloc ulong[4];
        scalar.CopyTo(k);
        Span<ulong> c1 = stackalloc ulong[3];
        Span<ulong> c2 = stackalloc ulong[3];
        Round(k, ScaledA, c1);
        Round(k, ScaledB, c2);

        // Both halves are below 2^128 in magnitude, so two's complement modulo 2^256 represents them with their signs.
        Span<ulong> half = stackalloc ulong[4];
        k.CopyTo(half);
        Accumulate(half, c1, A, subtract: true);
        Accumulate(half, c2, Sum, subtract: true);
        firstNegative = Magnitude(half, first);

        half.Clear();
        Accumulate(half, c1, B, subtract: false);
        Accumulate(half, c2, A, subtract: true);
        secondNegative = Magnitude(half, second);
    }

    // result = k * scaled / 2^384, rounded to nearest.
    private static void Round(ReadOnlySpan<ulong> k, ReadOnlySpan<ulong> scaled, Span<ulong> result)
    {
        Span<ulong> product = stackalloc ulong[8];
        Secp256k1Scalar.Multiply(k, scaled, product);
        ulong carry = product[5] >> 63;
        result[0] = Limb.Add(product[6], 0, ref carry);
        result[1] = Limb.Add(product[7], 0, ref carry);
        result[2] = carry;
    }

    private static void Accumulate(Span<ulong> sum, ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, bool subtract)
    {
        Span<ulong> product = stackalloc ulong[6];
        product = product[..(a.Length + b.Length)];
        Secp256k1Scalar.Multiply(a, b, product);
        ulong carry = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = subtract ? Limb.Subtract(sum[i], product[i], ref carry) : Limb.Add(sum[i], product[i], ref carry);
        }
    }

    private static bool Magnitude(Span<ulong> signed, Span<ulong> magnitude)
    {
        bool negative = (long)signed[3] < 0;
        ulong borrow = 0;
        for (int i = 0; i < Limbs; i++)
        {
            magnitude[i] = negative ? Limb.Subtract(0, signed[i], ref borrow) : signed[i];
        }

        return negative;
    }
}
