using System.Buffers.Binary;

namespace Fvm.Crypto;

/// <summary>
/// A scalar modulo the order n of secp256k1 (SEC 2, https://www.secg.org/sec2-v2.pdf, section 2.4.1), below n, as four little-endian limbs.
/// </summary>
internal readonly struct Secp256k1Scalar
{
    // -1/n modulo 2^64.
    internal const ulong NegativeInverse = 0x4b0d_ff66_5588_b13f;

    private readonly ulong _l0;
    private readonly ulong _l1;
    private readonly ulong _l2;
    private readonly ulong _l3;

    // The limbs of a number below n.
    private Secp256k1Scalar(ReadOnlySpan<ulong> limbs)
    {
        _l0 = limbs[0];
        _l1 = limbs[1];
        _l2 = limbs[2];
        _l3 = limbs[3];
    }

    /// <summary>The order n.</summary>
    public static ReadOnlySpan<ulong> Order => [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, ulong.MaxValue];

    public bool IsZero => (_l0 | _l1 | _l2 | _l3) == 0;

    /// <summary>Whether this exceeds n/2.</summary>
    public bool IsHigh
    {
        get
        {
            return IsLess(Half, [_l0, _l1, _l2, _l3]);
        }
    }

    // (n - 1)/2.
    internal static ReadOnlySpan<ulong> Half => [0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, ulong.MaxValue, 0x7fff_ffff_ffff_ffff];

    // 2^256 - n.
    internal static ReadOnlySpan<ulong> Fold => [0x402d_a173_2fc9_bebf, 0x4551_2319_50b7_5fc4, 1];

    /// <summary>Reads 32 big-endian bytes; false if the number is not below n.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Secp256k1Scalar scalar)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        ReadLimbs(bytes, limbs);
        bool canonical = IsLess(limbs, Order);
        scalar = canonical ? new(limbs) : default;
        return canonical;
    }

    /// <summary>Reads 32 big-endian bytes modulo n.</summary>
    public static Secp256k1Scalar ReadReduced(ReadOnlySpan<byte> bytes)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        ReadLimbs(bytes, limbs);
        return Reduced(limbs);
    }

    /// <summary>Writes 32 big-endian bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _l3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _l2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _l1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _l0);
    }

    /// <summary>The limbs, least significant first.</summary>
    public void CopyTo(Span<ulong> limbs)
    {
        limbs[0] = _l0;
        limbs[1] = _l1;
        limbs[2] = _l2;
        limbs[3] = _l3;
    }

    public static Secp256k1Scalar operator -(in Secp256k1Scalar a)
    {
        if (a.IsZero)
        {
            return a;
        }

        ulong borrow = 0;
        Span<ulong> limbs = stackalloc ulong[4];
        limbs[0] = Limb.Subtract(Order[0], a._l0, ref borrow);
        limbs[1] = Limb.Subtract(Order[1], a._l1, ref borrow);
        limbs[2] = Limb.Subtract(Order[2], a._l2, ref borrow);
        limbs[3] = Limb.Subtract(Order[3], a._l3, ref borrow);
        return new(limbs);
    }

    public static Secp256k1Scalar operator +(in Secp256k1Scalar a, in Secp256k1Scalar b)
    {
        ulong carry = 0;
        Span<ulong> limbs = stackalloc ulong[4];
        limbs[0] = Limb.Add(a._l0, b._l0, ref carry);
        limbs[1] = Limb.Add(a._l1, b._l1, ref carry);
        limbs[2] = Limb.Add(a._l2, b._l2, ref carry);
        limbs[3] = Limb.Add(a._l3, b._l3, ref carry);
        if (carry == 0)
        {
            return Reduced(limbs);
        }

        // Below 2 n, so that less n it is below n.
        carry = 0;
        for (int i = 0; i < 4; i++)
        {
            limbs[i] = Limb.Add(limbs[i], i < 3 ? Fold[i] : 0, ref carry);
        }

        return new(limbs);
    }

    public static Secp256k1Scalar operator *(in Secp256k1Scalar a, in Secp256k1Scalar b)
    {
        // 512 bits, then three folds of the upper part onto the lower one, which leave 385, 258 and 256 bits.
        Span<ulong> product = stackalloc ulong[8];
        Multiply([a._l0, a._l1, a._l2, a._l3], [b._l0, b._l1, b._l2, b._l3], product);
        Span<ulong> folded = stackalloc ulong[8];
        for (int fold = 0; fold < 3; fold++)
        {
            Span<ulong> high = folded[..7];
            Multiply(product[4..], Fold, high);
            ulong carry = 0;
            for (int i = 0; i < 4; i++)
            {
                product[i] = Limb.Add(product[i], high[i], ref carry);
            }

            for (int i = 4; i < 7; i++)
            {
                product[i] = Limb.Add(high[i], 0, ref carry);
            }

            product[7] = carry;
        }

        // After the third fold at most one bit lies above 256, and n is subtracted at most once.
        Span<ulong> low = product[..4];
        if (product[4] != 0)
        {
            ulong carry = 0;
            for (int i = 0; i < 4; i++)
            {
                low[i] = Limb.Add(low[i], i < 3 ? Fold[i] : 0, ref carry);
            }
        }

        return Reduced(low);
    }

    /// <summary>1/this, or zero for zero.</summary>
    public Secp256k1Scalar Invert()
    {
        Span<ulong> result = stackalloc ulong[4];
        ModularInverse.Compute([_l0, _l1, _l2, _l3], Order, NegativeInverse, result);
        return new(result);
    }

    // result = a * b; the result has as many limbs as both factors together.
    internal static void Multiply(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> result)
    {
        result.Clear();
        for (int i = 0; i < a.Length; i++)
        {
            ulong carry = 0;
            for (int j = 0; j < b.Length; j++)
            {
                result[i + j] = Limb.MultiplyAdd(a[i], b[j], result[i + j], ref carry);
            }

            result[i + b.Length] = carry;
        }
    }

    private static Secp256k1Scalar Reduced(Span<ulong> limbs)
    {
        if (!IsLess(limbs, Order))
        {
            ulong borrow = 0;
            for (int i = 0; i < 4; i++)
            {
                limbs[i] = Limb.Subtract(limbs[i], Order[i], ref borrow);
            }
        }

        return new(limbs);
    }

    private static void ReadLimbs(ReadOnlySpan<byte> bytes, Span<ulong> limbs)
    {
        for (int i = 0; i < 4; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(24 - (8 * i))..]);
        }
    }

    private static bool IsLess(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        for (int i = 3; i >= 0; i--)
        {
            if (x[i] != y[i])
            {
                return x[i] < y[i];
            }
        }

        return false;
    }
}
