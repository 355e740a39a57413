using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fvm.Crypto;

/// <summary>
/// An element of the base field of secp256k1 (SEC 2, https://www.secg.org/sec2-v2.pdf, section 2.4.1), the integers modulo p = 2^256 - 2^32
/// - 977, as four little-endian limbs. The limbs may hold any number below 2^256; comparison and encoding reduce it below p.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Secp256k1Field(ulong l0, ulong l1, ulong l2, ulong l3)
{
    // 2^256 modulo p.
    internal const ulong Fold = 0x1_0000_03D1;

    // -1/p modulo 2^64.
    internal const ulong NegativeInverse = 0xd838_091d_d225_3531;

    private readonly ulong _l0 = l0;
    private readonly ulong _l1 = l1;
    private readonly ulong _l2 = l2;
    private readonly ulong _l3 = l3;

    public static Secp256k1Field Zero => default;

    public static Secp256k1Field One => new(1, 0, 0, 0);

    internal static ReadOnlySpan<ulong> Modulus => [0xffff_fffe_ffff_fc2f, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];

    public bool IsZero => (_l0 | _l1 | _l2 | _l3) == 0
        || (_l0 == Modulus[0] && (_l1 & _l2 & _l3) == ulong.MaxValue);

    public bool IsOdd => (Normalize()._l0 & 1) == 1;

    /// <summary>Reads 32 big-endian bytes; false if the number is not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Secp256k1Field element)
    {
        element = new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes));
        return element._l0 < Modulus[0] || (element._l1 & element._l2 & element._l3) != ulong.MaxValue;
    }

    /// <summary>Writes 32 big-endian bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        Secp256k1Field normal = Normalize();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], normal._l0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], normal._l1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], normal._l2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, normal._l3);
    }

    public static Secp256k1Field operator +(in Secp256k1Field a, in Secp256k1Field b)
    {
        ulong carry = 0;
        ulong l0 = Limb.Add(a._l0, b._l0, ref carry);
        ulong l1 = Limb.Add(a._l1, b._l1, ref carry);
        ulong l2 = Limb.Add(a._l2, b._l2, ref carry);
        ulong l3 = Limb.Add(a._l3, b._l3, ref carry);
        return AddFold(l0, l1, l2, l3, Fold & (0 - carry));
    }

    public static Secp256k1Field operator -(in Secp256k1Field a, in Secp256k1Field b)
    {
        ulong borrow = 0;
        ulong l0 = Limb.Subtract(a._l0, b._l0, ref borrow);
        ulong l1 = Limb.Subtract(a._l1, b._l1, ref borrow);
        ulong l2 = Limb.Subtract(a._l2, b._l2, ref borrow);
        ulong l3 = Limb.Subtract(a._l3, b._l3, ref borrow);

        // A borrow means that 2^256 was added: subtracts its residue again. A second borrow requires a number below 2^33 and is rare.
        ulong fold = Fold & (0 - borrow);
        if (l0 >= fold)
        {
            return new(l0 - fold, l1, l2, l3);
        }

        borrow = 0;
        l0 = Limb.Subtract(l0, fold, ref borrow);
        l1 = Limb.Subtract(l1, 0, ref borrow);
        l2 = Limb.Subtract(l2, 0, ref borrow);
        l3 = Limb.Subtract(l3, 0, ref borrow);
        return new(l0 - (Fold & (0 - borrow)), l1, l2, l3);
    }

    public static Secp256k1Field operator -(in Secp256k1Field a) => Zero - a;

    public static Secp256k1Field operator *(in Secp256k1Field a, in Secp256k1Field b)
    {
        ulong carry = 0;
        ulong t0 = Limb.MultiplyAdd(a._l0, b._l0, 0, ref carry);
        ulong t1 = Limb.MultiplyAdd(a._l0, b._l1, 0, ref carry);
        ulong t2 = Limb.MultiplyAdd(a._l0, b._l2, 0, ref carry);
        ulong t3 = Limb.MultiplyAdd(a._l0, b._l3, 0, ref carry);
        ulong t4 = carry;

        carry = 0;
        t1 = Limb.MultiplyAdd(a._l1, b._l0, t1, ref carry);
        t2 = Limb.MultiplyAdd(a._l1, b._l1, t2, ref carry);
        t3 = Limb.MultiplyAdd(a._l1, b._l2, t3, ref carry);
        t4 = Limb.MultiplyAdd(a._l1, b._l3, t4, ref carry);
        ulong t5 = carry;

        carry = 0;
        t2 = Limb.MultiplyAdd(a._l2, b._l0, t2, ref carry);
        t3 = Limb.MultiplyAdd(a._l2, b._l1, t3, ref carry);
        t4 = Limb.MultiplyAdd(a._l2, b._l2, t4, ref carry);
        t5 = Limb.MultiplyAdd(a._l2, b._l3, t5, ref carry);
        ulong t6 = carry;

        carry = 0;
        t3 = Limb.MultiplyAdd(a._l3, b._l0, t3, ref carry);
        t4 = Limb.MultiplyAdd(a._l3, b._l1, t4, ref carry);
        t5 = Limb.MultiplyAdd(a._l3, b._l2, t5, ref carry);
        t6 = Limb.MultiplyAdd(a._l3, b._l3, t6, ref carry);
        return Reduce(t0, t1, t2, t3, t4, t5, t6, carry);
    }

    public Secp256k1Field Square()
    {
        // The products of different limbs once, doubled, then the squares.
        ulong carry = 0;
        ulong t1 = Limb.MultiplyAdd(_l0, _l1, 0, ref carry);
        ulong t2 = Limb.MultiplyAdd(_l0, _l2, 0, ref carry);
        ulong t3 = Limb.MultiplyAdd(_l0, _l3, 0, ref carry);
        ulong t4 = carry;
        carry = 0;
        t3 = Limb.MultiplyAdd(_l1, _l2, t3, ref carry);
        t4 = Limb.MultiplyAdd(_l1, _l3, t4, ref carry);
        ulong t5 = carry;
        carry = 0;
        t5 = Limb.MultiplyAdd(_l2, _l3, t5, ref carry);
        ulong t6 = carry;

        ulong t7 = t6 >> 63;
        t6 = (t6 << 1) | (t5 >> 63);
        t5 = (t5 << 1) | (t4 >> 63);
        t4 = (t4 << 1) | (t3 >> 63);
        t3 = (t3 << 1) | (t2 >> 63);
        t2 = (t2 << 1) | (t1 >> 63);
        t1 <<= 1;

        carry = 0;
        ulong t0 = _l0 * _l0;
        t1 = Limb.Add(t1, Limb.MultiplyHigh(_l0, _l0), ref carry);
        t2 = Limb.Add(t2, _l1 * _l1, ref carry);
        t3 = Limb.Add(t3, Limb.MultiplyHigh(_l1, _l1), ref carry);
        t4 = Limb.Add(t4, _l2 * _l2, ref carry);
        t5 = Limb.Add(t5, Limb.MultiplyHigh(_l2, _l2), ref carry);
        t6 = Limb.Add(t6, _l3 * _l3, ref carry);
        t7 = Limb.Add(t7, Limb.MultiplyHigh(_l3, _l3), ref carry);
        return Reduce(t0, t1, t2, t3, t4, t5, t6, t7);
    }

    /// <summary>this/2.</summary>
    public Secp256k1Field Halve()
    {
        // An odd number becomes even by adding p.
        ulong odd = 0 - (_l0 & 1);
        ulong carry = 0;
        ulong l0 = Limb.Add(_l0, Modulus[0] & odd, ref carry);
        ulong l1 = Limb.Add(_l1, odd, ref carry);
        ulong l2 = Limb.Add(_l2, odd, ref carry);
        ulong l3 = Limb.Add(_l3, odd, ref carry);
        return new((l0 >> 1) | (l1 << 63), (l1 >> 1) | (l2 << 63), (l2 >> 1) | (l3 << 63), (l3 >> 1) | (carry << 63));
    }

    /// <summary>1/this, or zero for zero.</summary>
    public Secp256k1Field Invert()
    {
        Secp256k1Field normal = Normalize();
        ReadOnlySpan<ulong> value = [normal._l0, normal._l1, normal._l2, normal._l3];
        Span<ulong> result = stackalloc ulong[4];
        ModularInverse.Compute(value, Modulus, NegativeInverse, result);
        return new(result[0], result[1], result[2], result[3]);
    }

    /// <summary>A square root, if one exists; by a kernel, or by portable code if null.</summary>
    public bool TrySquareRoot(Secp256k1Kernel? kernel, out Secp256k1Field root)
    {
        // this^((p + 1) / 4), since p is 3 modulo 4. In binary the exponent is 223 ones, a zero, 22 ones, 00001100. onesN is this^(2^N -
        // 1).
        Secp256k1Field ones2 = SquareMultiply(kernel, this, 1, this);
        Secp256k1Field ones3 = SquareMultiply(kernel, ones2, 1, this);
        Secp256k1Field ones6 = SquareMultiply(kernel, ones3, 3, ones3);
        Secp256k1Field ones9 = SquareMultiply(kernel, ones6, 3, ones3);
        Secp256k1Field ones11 = SquareMultiply(kernel, ones9, 2, ones2);
        Secp256k1Field ones22 = SquareMultiply(kernel, ones11, 11, ones11);
        Secp256k1Field ones44 = SquareMultiply(kernel, ones22, 22, ones22);
        Secp256k1Field ones88 = SquareMultiply(kernel, ones44, 44, ones44);
        Secp256k1Field ones176 = SquareMultiply(kernel, ones88, 88, ones88);
        Secp256k1Field ones220 = SquareMultiply(kernel, ones176, 44, ones44);
        Secp256k1Field ones223 = SquareMultiply(kernel, ones220, 3, ones3);
        Secp256k1Field high = SquareMultiply(kernel, ones223, 23, ones22);
        root = SquareMultiply(kernel, SquareMultiply(kernel, high, 6, ones2), 2, One);
        return (root.Square() - this).IsZero;
    }

    // a^(2^count) b.
    private static Secp256k1Field SquareMultiply(Secp256k1Kernel? kernel, in Secp256k1Field a, int count, in Secp256k1Field b)
    {
        if (kernel is not null)
        {
            return kernel.SquareMultiply(a, count, b);
        }

        Secp256k1Field power = a;
        for (int i = 0; i < count; i++)
        {
            power = power.Square();
        }

        return power * b;
    }

    // Folds the upper limbs onto the lower ones, twice: 2^256 = Fold modulo p.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Secp256k1Field Reduce(ulong t0, ulong t1, ulong t2, ulong t3, ulong t4, ulong t5, ulong t6, ulong t7)
    {
        ulong carry = 0;
        t0 = Limb.MultiplyAdd(t4, Fold, t0, ref carry);
        t1 = Limb.MultiplyAdd(t5, Fold, t1, ref carry);
        t2 = Limb.MultiplyAdd(t6, Fold, t2, ref carry);
        t3 = Limb.MultiplyAdd(t7, Fold, t3, ref carry);

        // The carry is below 2^34, so the product needs two limbs.
        ulong high = Limb.MultiplyHigh(carry, Fold);
        ulong low = carry * Fold;
        carry = 0;
        t0 = Limb.Add(t0, low, ref carry);
        t1 = Limb.Add(t1, high, ref carry);
        t2 = Limb.Add(t2, 0, ref carry);
        t3 = Limb.Add(t3, 0, ref carry);
        return AddFold(t0, t1, t2, t3, Fold & (0 - carry));
    }

    // Adds 2^256 modulo p, or zero. A carry out of the lowest limb is rare.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Secp256k1Field AddFold(ulong l0, ulong l1, ulong l2, ulong l3, ulong fold)
    {
        ulong sum = l0 + fold;
        if (sum >= fold)
        {
            return new(sum, l1, l2, l3);
        }

        ulong carry = 1;
        l1 = Limb.Add(l1, 0, ref carry);
        l2 = Limb.Add(l2, 0, ref carry);
        l3 = Limb.Add(l3, 0, ref carry);
        return new(sum + (Fold & (0 - carry)), l1, l2, l3);
    }

    private Secp256k1Field Normalize()
    {
        if (_l0 < Modulus[0] || (_l1 & _l2 & _l3) != ulong.MaxValue)
        {
            return this;
        }

        return new(_l0 - Modulus[0], 0, 0, 0);
    }
}
