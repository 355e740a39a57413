using System.Numerics;

namespace Fvm.Tracing;

/// <summary>The EVM's arithmetic on words: modulo 2^256, two's complement where signed, and zero for a division by zero.</summary>
internal static class EvmArithmetic
{
    private const int Bits = 256;
    private const int HalfBits = 128;

    private static readonly EthWord Max = new(UInt128.MaxValue, UInt128.MaxValue);
    private static readonly EthWord One = new(0, 1);

    public static EthWord Add(in EthWord a, in EthWord b)
    {
        unchecked
        {
            UInt128 low = a.Low + b.Low;
            return new EthWord(a.High + b.High + (low < a.Low ? UInt128.One : UInt128.Zero), low);
        }
    }

    public static EthWord Subtract(in EthWord a, in EthWord b)
    {
        unchecked
        {
            return new EthWord(a.High - b.High - (a.Low < b.Low ? UInt128.One : UInt128.Zero), a.Low - b.Low);
        }
    }

    public static EthWord Negate(in EthWord a) => Subtract(default, a);

    public static EthWord Multiply(in EthWord a, in EthWord b)
    {
        unchecked
        {
            (UInt128 high, UInt128 low) = FullProduct(a.Low, b.Low);
            return new EthWord(high + (a.High * b.Low) + (a.Low * b.High), low);
        }
    }

    public static EthWord Divide(in EthWord a, in EthWord b)
    {
        if (b.IsZero) return default;

        return a.High == 0 && b.High == 0 ? new EthWord(0, a.Low / b.Low) : Of(ToBig(a) / ToBig(b));
    }

    public static EthWord Modulo(in EthWord a, in EthWord b)
    {
        if (b.IsZero) return default;

        return a.High == 0 && b.High == 0 ? new EthWord(0, a.Low % b.Low) : Of(ToBig(a) % ToBig(b));
    }

    public static EthWord DivideSigned(in EthWord a, in EthWord b)
    {
        EthWord quotient = Divide(Magnitude(a), Magnitude(b));
        return IsNegative(a) == IsNegative(b) ? quotient : Negate(quotient);
    }

    // The sign of the dividend.
    public static EthWord ModuloSigned(in EthWord a, in EthWord b)
    {
        EthWord remainder = Modulo(Magnitude(a), Magnitude(b));
        return IsNegative(a) ? Negate(remainder) : remainder;
    }

    public static EthWord AddModulo(in EthWord a, in EthWord b, in EthWord modulus) =>
        modulus.IsZero ? default : Of((ToBig(a) + ToBig(b)) % ToBig(modulus));

    public static EthWord MultiplyModulo(in EthWord a, in EthWord b, in EthWord modulus) =>
        modulus.IsZero ? default : Of(ToBig(a) * ToBig(b) % ToBig(modulus));

    public static EthWord Power(EthWord value, in EthWord exponent)
    {
        EthWord result = One;
        int bits = Bits - LeadingZeros(exponent);
        for (int bit = 0; bit < bits; bit++)
        {
            result = Bit(exponent, bit) ? Multiply(result, value) : result;
            value = Multiply(value, value);
        }

        return result;
    }

    /// <summary>Extends the sign of a number.</summary>
    /// <param name="index">The index of its highest byte, counted from the lowest.</param>
    /// <param name="value">The number.</param>
    public static EthWord SignExtend(in EthWord index, in EthWord value)
    {
        if (index.High != 0 || index.Low >= EthWord.Length) return value;

        int bit = (8 * (int)index.Low) + 7;
        EthWord mask = ShiftRight(Max, Bits - 1 - bit);
        return Bit(value, bit) ? Or(value, Not(mask)) : And(value, mask);
    }

    public static bool IsLess(in EthWord a, in EthWord b) => a.CompareTo(b) < 0;

    public static bool IsLessSigned(in EthWord a, in EthWord b) =>
        IsNegative(a) == IsNegative(b) ? IsLess(a, b) : IsNegative(a);

    public static EthWord And(in EthWord a, in EthWord b) => new(a.High & b.High, a.Low & b.Low);

    public static EthWord Or(in EthWord a, in EthWord b) => new(a.High | b.High, a.Low | b.Low);

    public static EthWord Xor(in EthWord a, in EthWord b) => new(a.High ^ b.High, a.Low ^ b.Low);

    public static EthWord Not(in EthWord a) => new(~a.High, ~a.Low);

    /// <summary>A byte of a word, counted from the highest; zero behind the lowest.</summary>
    public static EthWord Byte(in EthWord index, in EthWord value)
    {
        if (index.High != 0 || index.Low >= EthWord.Length) return default;

        return new EthWord(0, ShiftRight(value, 8 * (EthWord.Length - 1 - (int)index.Low)).Low & 0xff);
    }

    public static EthWord ShiftLeft(in EthWord shift, in EthWord value)
    {
        if (!TryShift(shift, out int bits)) return default;

        return bits == 0 ? value
            : bits >= HalfBits ? new EthWord(value.Low << (bits - HalfBits), 0)
            : new EthWord((value.High << bits) | (value.Low >> (HalfBits - bits)), value.Low << bits);
    }

    public static EthWord ShiftRight(in EthWord shift, in EthWord value) => TryShift(shift, out int bits) ? ShiftRight(value, bits) : default;

    public static EthWord ShiftRightSigned(in EthWord shift, in EthWord value)
    {
        EthWord filled = IsNegative(value) ? Max : default;
        if (!TryShift(shift, out int bits)) return filled;

        return bits == 0 ? value : Or(ShiftRight(value, bits), ShiftLeft(new EthWord(0, (UInt128)(Bits - bits)), filled));
    }

    public static int LeadingZeros(in EthWord value) =>
        value.High == 0 ? HalfBits + (int)UInt128.LeadingZeroCount(value.Low) : (int)UInt128.LeadingZeroCount(value.High);

    public static EthWord Of(bool truth) => truth ? One : default;

    public static EthWord Of(ulong number) => new(0, number);

    public static EthWord Of(BigInteger number)
    {
        Span<byte> bytes = stackalloc byte[EthWord.Length];
        return number.TryWriteBytes(bytes, out int length, isUnsigned: true, isBigEndian: true)
            ? EthWord.Of(bytes[..length])
            : throw new ArgumentOutOfRangeException(nameof(number), "a word has 256 bits");
    }

    public static EthWord Of(EthAddress address)
    {
        Span<byte> bytes = stackalloc byte[EthAddress.Length];
        address.WriteTo(bytes);
        return EthWord.Of(bytes);
    }

    /// <summary>A number as an unsigned one of 64 bits; the largest for more.</summary>
    public static ulong Saturate(in EthWord value) => value.High == 0 && value.Low <= ulong.MaxValue ? (ulong)value.Low : ulong.MaxValue;

    /// <summary>The address in the lowest 20 bytes.</summary>
    public static EthAddress ToAddress(in EthWord value) => new(value.ToBytes().AsSpan(EthWord.Length - EthAddress.Length));

    private static bool TryShift(in EthWord shift, out int bits)
    {
        bool inside = shift.High == 0 && shift.Low < Bits;
        bits = inside ? (int)shift.Low : 0;
        return inside;
    }

    private static EthWord ShiftRight(in EthWord value, int bits) => bits == 0 ? value
        : bits >= HalfBits ? new EthWord(0, value.High >> (bits - HalfBits))
        : new EthWord(value.High >> bits, (value.Low >> bits) | (value.High << (HalfBits - bits)));

    private static bool Bit(in EthWord value, int bit) =>
        (((bit >= HalfBits ? value.High : value.Low) >> (bit % HalfBits)) & UInt128.One) != 0;

    private static bool IsNegative(in EthWord value) => UInt128.LeadingZeroCount(value.High) == 0;

    private static EthWord Magnitude(in EthWord value) => IsNegative(value) ? Negate(value) : value;

    private static BigInteger ToBig(in EthWord value) => ((BigInteger)value.High << HalfBits) + value.Low;

    private static (UInt128 High, UInt128 Low) FullProduct(UInt128 a, UInt128 b)
    {
        unchecked
        {
            ulong a0 = (ulong)a;
            ulong a1 = (ulong)(a >> 64);
            ulong b0 = (ulong)b;
            ulong b1 = (ulong)(b >> 64);
            UInt128 low = (UInt128)a0 * b0;
            UInt128 middle = ((UInt128)a1 * b0) + (low >> 64);
            UInt128 other = ((UInt128)a0 * b1) + (ulong)middle;
            return (((UInt128)a1 * b1) + (middle >> 64) + (other >> 64), (other << 64) | (ulong)low);
        }
    }
}
