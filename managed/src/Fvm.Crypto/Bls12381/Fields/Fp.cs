using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fvm.Crypto;

/// <summary>
/// An element x of the base field of BLS12-381, the integers modulo p
/// (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1), as x * 2^384 modulo p in six little-endian
/// limbs: Montgomery form with R = 2^384 (https://doi.org/10.1090/S0025-5718-1985-0777282-X). Always below p.
/// </summary>
internal readonly struct Fp : IPrimeField<Fp>
{
    /// <summary>Bytes of an encoded element.</summary>
    public const int Size = 48;

    /// <summary>Limbs of an element.</summary>
    public const int Limbs = 6;

    private const ulong P0 = 0xb9fe_ffff_ffff_aaab;
    private const ulong P1 = 0x1eab_fffe_b153_ffff;
    private const ulong P2 = 0x6730_d2a0_f6b0_f624;
    private const ulong P3 = 0x6477_4b84_f385_12bf;
    private const ulong P4 = 0x4b1b_a7b6_434b_acd7;
    private const ulong P5 = 0x1a01_11ea_397f_e69a;

    // -1/p modulo 2^64.
    internal const ulong NegativeInverse = 0x89f3_fffc_fffc_fffd;

    private readonly ulong _l0;
    private readonly ulong _l1;
    private readonly ulong _l2;
    private readonly ulong _l3;
    private readonly ulong _l4;
    private readonly ulong _l5;

    // The limbs are in Montgomery form and below p.
    private Fp(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4, ulong l5)
    {
        _l0 = l0;
        _l1 = l1;
        _l2 = l2;
        _l3 = l3;
        _l4 = l4;
        _l5 = l5;
    }

    private Fp(ReadOnlySpan<ulong> limbs)
        : this(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4], limbs[5])
    {
    }

    public static int LaneCount => 1;

    public static Fp Zero => default;

    public static Fp One => new(
        0x7609_0000_0002_fffd, 0xebf4_000b_c40c_0002, 0x5f48_9857_53c7_58ba,
        0x77ce_5853_7052_5745, 0x5c07_1a97_a256_ec6d, 0x15f6_5ec3_fa80_e493);

    public int ZeroLanes => (_l0 | _l1 | _l2 | _l3 | _l4 | _l5) == 0 ? 1 : 0;

    public int OddLanes => (int)(ToInteger()._l0 & 1);

    public int HighLanes
    {
        get
        {
            Fp integer = ToInteger();
            return IsLess(Half, [integer._l0, integer._l1, integer._l2, integer._l3, integer._l4, integer._l5]) ? 1 : 0;
        }
    }

    /// <summary>(p - 1)/2 as limbs.</summary>
    internal static ReadOnlySpan<ulong> Half =>
    [
        0xdcff_7fff_ffff_d555, 0x0f55_ffff_58a9_ffff, 0xb398_6950_7b58_7b12,
        0xb23b_a5c2_79c2_895f, 0x258d_d3db_21a5_d66b, 0x0d00_88f5_1cbf_f34d,
    ];

    /// <summary>The modulus p as limbs.</summary>
    internal static ReadOnlySpan<ulong> Modulus => [P0, P1, P2, P3, P4, P5];

    // 2^768, 2^1152 and 2^1024 modulo p: the factors that convert an integer, the inverse of a Montgomery form, and the upper half of a
    // wide integer (an integer times 2^256) to Montgomery form.
    internal static Fp R2 => new(
        0xf4df_1f34_1c34_1746, 0x0a76_e6a6_09d1_04f1, 0x8de5_476c_4c95_b6d5,
        0x67eb_88a9_939d_83c0, 0x9a79_3e85_b519_952d, 0x1198_8fe5_92ca_e3aa);

    internal static Fp R3 => new(
        0xed48_ac6b_d94c_a1e0, 0x315f_831e_03a7_adf8, 0x9a53_352a_615e_29dd,
        0x34c0_4e5e_921e_1761, 0x2512_d435_6572_4728, 0x0aa6_3460_9175_5d4d);

    internal static Fp R2Shifted => new(
        0xfb73_eaea_d26e_be58, 0x861c_2369_3de6_a351, 0x76e5_bc3f_f951_c543,
        0xcc08_68ce_6a76_590c, 0xf0a8_5a3f_3544_6d0b, 0x0010_a8c1_a49a_064f);

    // 2^400 modulo p converts from Montgomery form to the form of the lanes, 2^368 back.
    internal static Fp LaneFactor => new(
        0x5635_0003_480e_6299, 0x8670_deb2_699e_b128, 0x0983_e84e_f669_7c98,
        0xe3e8_a053_a4e6_fe97, 0x385c_20d3_23ec_f271, 0x156d_a47f_1286_6eb6);

    public static Fp Broadcast(in Fp element) => element;

    public static Fp Load(ReadOnlySpan<Fp> elements) => elements[0];

    public void Store(Span<Fp> elements) => elements[0] = this;

    public static Fp Select(int lanes, in Fp chosen, in Fp other) => (lanes & 1) != 0 ? chosen : other;

    /// <summary>A constant in the notation of specifications: hexadecimal digits, most significant first.</summary>
    public static Fp Parse(string digits)
    {
        bool canonical = TryRead(Convert.FromHexString(digits.PadLeft(2 * Size, '0')), out Fp element);
        return canonical ? element : throw new FormatException("The number is not below the modulus.");
    }

    /// <summary>Reads 48 big-endian bytes; false if the number is not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Fp element)
    {
        Span<ulong> limbs = stackalloc ulong[Limbs];
        ReadLimbs(bytes[..Size], limbs);
        bool canonical = IsLess(limbs, Modulus);
        element = canonical ? new Fp(limbs) * R2 : default;
        return canonical;
    }

    /// <summary>Reads 64 big-endian bytes modulo p (RFC 9380, section 5.2, with L = 64).</summary>
    public static Fp ReadWide(ReadOnlySpan<byte> bytes)
    {
        // Two halves below 2^256, and hence below p.
        Span<ulong> limbs = stackalloc ulong[Limbs];
        ReadLimbs(bytes[..32], limbs);
        Fp high = new Fp(limbs) * R2Shifted;
        ReadLimbs(bytes[32..64], limbs);
        return high + (new Fp(limbs) * R2);
    }

    /// <summary>Writes x * 2^400 modulo p, the form of <see cref="FpLanes"/>, as six limbs.</summary>
    internal void ToLaneForm(Span<ulong> limbs)
    {
        Fp number = this * LaneFactor;
        limbs[0] = number._l0;
        limbs[1] = number._l1;
        limbs[2] = number._l2;
        limbs[3] = number._l3;
        limbs[4] = number._l4;
        limbs[5] = number._l5;
    }

    /// <summary>Reads x * 2^400 modulo p, from a number below 2p.</summary>
    internal static Fp FromLaneForm(ReadOnlySpan<ulong> limbs) =>
        ReduceOnce(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4], limbs[5]) * new Fp(0, 0, 0, 0, 0, 1UL << 48);

    /// <summary>Writes 48 big-endian bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        Fp integer = ToInteger();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[40..], integer._l0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[32..], integer._l1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], integer._l2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], integer._l3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], integer._l4);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, integer._l5);
    }

    public static Fp operator +(in Fp a, in Fp b)
    {
        ulong carry = 0;
        ulong l0 = Limb.Add(a._l0, b._l0, ref carry);
        ulong l1 = Limb.Add(a._l1, b._l1, ref carry);
        ulong l2 = Limb.Add(a._l2, b._l2, ref carry);
        ulong l3 = Limb.Add(a._l3, b._l3, ref carry);
        ulong l4 = Limb.Add(a._l4, b._l4, ref carry);
        return ReduceOnce(l0, l1, l2, l3, l4, a._l5 + b._l5 + carry);
    }

    public static Fp operator -(in Fp a, in Fp b)
    {
        ulong borrow = 0;
        ulong l0 = Limb.Subtract(a._l0, b._l0, ref borrow);
        ulong l1 = Limb.Subtract(a._l1, b._l1, ref borrow);
        ulong l2 = Limb.Subtract(a._l2, b._l2, ref borrow);
        ulong l3 = Limb.Subtract(a._l3, b._l3, ref borrow);
        ulong l4 = Limb.Subtract(a._l4, b._l4, ref borrow);
        ulong l5 = Limb.Subtract(a._l5, b._l5, ref borrow);

        ulong mask = 0 - borrow;
        ulong carry = 0;
        l0 = Limb.Add(l0, P0 & mask, ref carry);
        l1 = Limb.Add(l1, P1 & mask, ref carry);
        l2 = Limb.Add(l2, P2 & mask, ref carry);
        l3 = Limb.Add(l3, P3 & mask, ref carry);
        l4 = Limb.Add(l4, P4 & mask, ref carry);
        return new(l0, l1, l2, l3, l4, l5 + (P5 & mask) + carry);
    }

    public static Fp operator -(in Fp a) => Zero - a;

    public static Fp operator *(in Fp a, in Fp b)
    {
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0;
        MultiplyRow(a._l0, b, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        MultiplyRow(a._l1, b, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        MultiplyRow(a._l2, b, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        MultiplyRow(a._l3, b, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        MultiplyRow(a._l4, b, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        MultiplyRow(a._l5, b, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5);
        return ReduceOnce(t0, t1, t2, t3, t4, t5);
    }

    public static Fp SumForProduct(in Fp a, in Fp b)
    {
        // Below 2p. The product of two such sums is below 4 p^2, which Montgomery reduction still brings below 2p.
        ulong carry = 0;
        ulong l0 = Limb.Add(a._l0, b._l0, ref carry);
        ulong l1 = Limb.Add(a._l1, b._l1, ref carry);
        ulong l2 = Limb.Add(a._l2, b._l2, ref carry);
        ulong l3 = Limb.Add(a._l3, b._l3, ref carry);
        ulong l4 = Limb.Add(a._l4, b._l4, ref carry);
        return new(l0, l1, l2, l3, l4, a._l5 + b._l5 + carry);
    }

    public static Fp SubtractBoth(in Fp a, in Fp b, in Fp c) => a - b - c;

    public Fp Double() => this + this;

    public Fp Square() => this * this;

    public Fp Reduce() => this;

    public Fp Invert()
    {
        ReadOnlySpan<ulong> value = [_l0, _l1, _l2, _l3, _l4, _l5];
        Span<ulong> inverse = stackalloc ulong[Limbs];
        ModularInverse.Compute(value, Modulus, NegativeInverse, inverse);

        // 1/(x R) times R^3, over R, is R/x.
        return new Fp(inverse) * R3;
    }

    // The equation of G1 is y^2 = x^3 + 4.
    public Fp MultiplyByThreeB()
    {
        Fp four = Double().Double();
        return four.Double() + four;
    }

    // t = (t + word * b + q * p) / 2^64, where q clears the lowest limb. The top limb of p has three spare bits, so the sum of both carries
    // fits in one limb (the "no-carry" variant of coarsely integrated operand scanning).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRow(
        ulong word, in Fp b, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3, ref ulong t4, ref ulong t5)
    {
        ulong carry = 0;
        ulong reduction = 0;
        ulong sum = Limb.MultiplyAdd(word, b._l0, t0, ref carry);
        ulong q = sum * NegativeInverse;
        _ = Limb.MultiplyAdd(q, P0, sum, ref reduction);
        sum = Limb.MultiplyAdd(word, b._l1, t1, ref carry);
        t0 = Limb.MultiplyAdd(q, P1, sum, ref reduction);
        sum = Limb.MultiplyAdd(word, b._l2, t2, ref carry);
        t1 = Limb.MultiplyAdd(q, P2, sum, ref reduction);
        sum = Limb.MultiplyAdd(word, b._l3, t3, ref carry);
        t2 = Limb.MultiplyAdd(q, P3, sum, ref reduction);
        sum = Limb.MultiplyAdd(word, b._l4, t4, ref carry);
        t3 = Limb.MultiplyAdd(q, P4, sum, ref reduction);
        sum = Limb.MultiplyAdd(word, b._l5, t5, ref carry);
        t4 = Limb.MultiplyAdd(q, P5, sum, ref reduction);
        t5 = carry + reduction;
    }

    // Reduces a number below 2p to below p.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Fp ReduceOnce(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4, ulong l5)
    {
        ulong borrow = 0;
        ulong d0 = Limb.Subtract(l0, P0, ref borrow);
        ulong d1 = Limb.Subtract(l1, P1, ref borrow);
        ulong d2 = Limb.Subtract(l2, P2, ref borrow);
        ulong d3 = Limb.Subtract(l3, P3, ref borrow);
        ulong d4 = Limb.Subtract(l4, P4, ref borrow);
        ulong d5 = Limb.Subtract(l5, P5, ref borrow);

        ulong keep = 0 - borrow;
        return new(
            d0 ^ ((d0 ^ l0) & keep), d1 ^ ((d1 ^ l1) & keep), d2 ^ ((d2 ^ l2) & keep),
            d3 ^ ((d3 ^ l3) & keep), d4 ^ ((d4 ^ l4) & keep), d5 ^ ((d5 ^ l5) & keep));
    }

    // Converts out of Montgomery form; only the limbs of the result are meaningful.
    private Fp ToInteger() => this * new Fp(1, 0, 0, 0, 0, 0);

    private static void ReadLimbs(ReadOnlySpan<byte> bytes, Span<ulong> limbs)
    {
        limbs.Clear();
        for (int i = 0; 8 * i < bytes.Length; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(bytes.Length - 8 - (8 * i))..]);
        }
    }

    private static bool IsLess(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        for (int i = Limbs - 1; i >= 0; i--)
        {
            if (x[i] != y[i])
            {
                return x[i] < y[i];
            }
        }

        return false;
    }
}
