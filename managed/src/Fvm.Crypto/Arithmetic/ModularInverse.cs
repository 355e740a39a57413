using System.Numerics;

namespace Fvm.Crypto;

/// <summary>
/// Inversion modulo an odd number: T. Pornin, "Optimized Binary GCD for Modular Inversion", https://eprint.iacr.org/2020/972, algorithm 2,
/// a binary Euclidean algorithm in batches of 31 steps on 64-bit approximations. Not constant-time: signature verification handles public
/// values only.
/// </summary>
internal static class ModularInverse
{
    private const int Steps = 31;
    private const int MaxLimbs = 6;

    /// <summary>Sets <paramref name="result"/> to 1/value modulo the modulus, or to zero for a value of zero.</summary>
    /// <param name="value">Little-endian limbs, less than the modulus.</param>
    /// <param name="modulus">Little-endian limbs of an odd prime; at most 6.</param>
    /// <param name="negativeInverse">-1/modulus modulo 2^64 (the constant of Montgomery reduction).</param>
    /// <param name="result">As many limbs as the modulus.</param>
    public static void Compute(ReadOnlySpan<ulong> value, ReadOnlySpan<ulong> modulus, ulong negativeInverse, Span<ulong> result)
    {
        int limbs = modulus.Length;
        Span<ulong> a = (stackalloc ulong[MaxLimbs])[..limbs];
        Span<ulong> b = (stackalloc ulong[MaxLimbs])[..limbs];
        Span<ulong> u = (stackalloc ulong[MaxLimbs])[..limbs];
        Span<ulong> v = (stackalloc ulong[MaxLimbs])[..limbs];
        Span<ulong> s = (stackalloc ulong[MaxLimbs + 1])[..(limbs + 1)];
        Span<ulong> t = (stackalloc ulong[MaxLimbs + 1])[..(limbs + 1)];

        // Invariants: a = value * u and b = value * v modulo the modulus; b is odd.
        value.CopyTo(a);
        modulus.CopyTo(b);
        u.Clear();
        v.Clear();
        u[0] = 1;
        while (a.ContainsAnyExcept(0UL))
        {
            Factors factors = Approximate(a, b);

            Combine(a, factors.AA, b, factors.AB, s);
            Combine(a, factors.BA, b, factors.BB, t);
            if (ShiftMagnitude(s, a))
            {
                (factors.AA, factors.AB) = (-factors.AA, -factors.AB);
            }

            if (ShiftMagnitude(t, b))
            {
                (factors.BA, factors.BB) = (-factors.BA, -factors.BB);
            }

            Combine(u, factors.AA, v, factors.AB, s);
            Combine(u, factors.BA, v, factors.BB, t);
            ShiftModulo(s, modulus, negativeInverse, u);
            ShiftModulo(t, modulus, negativeInverse, v);
        }

        // b is now the greatest common divisor: 1, or the modulus for a value of zero, in which case v is still zero.
        v.CopyTo(result);
    }

    // Runs 31 steps on the top 33 and the low 31 bits: a' = (a * AA + b * AB) / 2^31, b' = (a * BA + b * BB) / 2^31.
    private static Factors Approximate(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        int top = a.Length - 1;
        while (top > 0 && (a[top] | b[top]) == 0)
        {
            top--;
        }

        ulong x = a[0];
        ulong y = b[0];
        if (top > 0)
        {
            int shift = BitOperations.LeadingZeroCount(a[top] | b[top]);
            const ulong Low = (1UL << Steps) - 1;
            x = (x & Low) | (High(a, top, shift) & ~Low);
            y = (y & Low) | (High(b, top, shift) & ~Low);
        }

        Factors factors = new() { AA = 1, BB = 1 };
        int left = Steps;
        while (true)
        {
            int zeros = BitOperations.TrailingZeroCount(x | (1UL << left));
            x >>= zeros;
            factors.BA <<= zeros;
            factors.BB <<= zeros;
            left -= zeros;
            if (left == 0)
            {
                return factors;
            }

            if (x < y)
            {
                (x, y) = (y, x);
                (factors.AA, factors.BA) = (factors.BA, factors.AA);
                (factors.AB, factors.BB) = (factors.BB, factors.AB);
            }

            x -= y;
            factors.AA -= factors.BA;
            factors.AB -= factors.BB;
        }
    }

    // The 64 bits of the number below bit 64 * top + 64 - shift.
    private static ulong High(ReadOnlySpan<ulong> number, int top, int shift) =>
        shift == 0 ? number[top] : (number[top] << shift) | (number[top - 1] >> (64 - shift));

    // result = x * f + y * g, signed, one limb longer. The factors are at most 2^31 in magnitude.
    private static void Combine(ReadOnlySpan<ulong> x, long f, ReadOnlySpan<ulong> y, long g, Span<ulong> result)
    {
        long carry = 0;
        for (int i = 0; i < x.Length; i++)
        {
            // For a negative factor, the signed product is the unsigned one minus x * 2^64.
            ulong high = Limb.MultiplyHigh(x[i], (ulong)f) - ((ulong)(f >> 63) & x[i]);
            high += Limb.MultiplyHigh(y[i], (ulong)g) - ((ulong)(g >> 63) & y[i]);
            ulong low = x[i] * (ulong)f;
            ulong other = y[i] * (ulong)g;
            low += other;
            high += low < other ? 1UL : 0;
            low += (ulong)carry;
            high += (low < (ulong)carry ? 1UL : 0) + (ulong)(carry >> 63);
            result[i] = low;
            carry = (long)high;
        }

        result[^1] = (ulong)carry;
    }

    // number = |signed / 2^31|; returns whether it was negative.
    private static bool ShiftMagnitude(Span<ulong> signed, Span<ulong> number)
    {
        bool negative = (long)signed[^1] < 0;
        if (negative)
        {
            ulong borrow = 0;
            for (int i = 0; i < signed.Length; i++)
            {
                signed[i] = Limb.Subtract(0, signed[i], ref borrow);
            }
        }

        Shift(signed, number);
        return negative;
    }

    // number = signed / 2^31 modulo the modulus.
    private static void ShiftModulo(Span<ulong> signed, ReadOnlySpan<ulong> modulus, ulong negativeInverse, Span<ulong> number)
    {
        // Clears the low 31 bits.
        ulong multiple = (signed[0] * negativeInverse) & ((1UL << Steps) - 1);
        ulong carry = 0;
        for (int i = 0; i < modulus.Length; i++)
        {
            signed[i] = Limb.MultiplyAdd(multiple, modulus[i], signed[i], ref carry);
        }

        signed[^1] += carry;

        // The quotient lies between -modulus and 2 * modulus. Its sign is in the top limb, which the shift drops.
        long sign = (long)signed[^1] >> Steps;
        Shift(signed, number);
        ulong overflow = 0;
        if (sign < 0)
        {
            for (int i = 0; i < number.Length; i++)
            {
                number[i] = Limb.Add(number[i], modulus[i], ref overflow);
            }
        }
        else if (sign > 0 || !IsLess(number, modulus))
        {
            for (int i = 0; i < number.Length; i++)
            {
                number[i] = Limb.Subtract(number[i], modulus[i], ref overflow);
            }
        }
    }

    private static void Shift(ReadOnlySpan<ulong> signed, Span<ulong> number)
    {
        for (int i = 0; i < number.Length; i++)
        {
            number[i] = (signed[i] >> Steps) | (signed[i + 1] << (64 - Steps));
        }
    }

    private static bool IsLess(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        for (int i = x.Length - 1; i >= 0; i--)
        {
            if (x[i] != y[i])
            {
                return x[i] < y[i];
            }
        }

        return false;
    }

    // The matrix of 31 steps, one row per number.
    private struct Factors
    {
        public long AA;
        public long AB;
        public long BA;
        public long BB;
    }
}
