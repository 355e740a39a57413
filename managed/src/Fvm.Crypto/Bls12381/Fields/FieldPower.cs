using System.Numerics;

namespace Fvm.Crypto;

/// <summary>
/// The exponentiation of square roots, x^((p - 3) / 4), by sliding window (Handbook of Applied Cryptography, algorithm 14.85). For a square
/// x it is 1/sqrt(x), since p is 3 modulo 4.
/// </summary>
internal static class FieldPower
{
    private const int Window = 5;

    // (p - 3) / 4, 379 bits, little-endian.
    internal static ReadOnlySpan<ulong> Exponent =>
    [
        0xee7f_bfff_ffff_eaaa, 0x07aa_ffff_ac54_ffff, 0xd9cc_34a8_3dac_3d89,
        0xd91d_d2e1_3ce1_44af, 0x92c6_e9ed_90d2_eb35, 0x0680_447a_8e5f_f9a6,
    ];

    public static T InverseRoot<T>(in T x)
        where T : struct, IPrimeField<T>
    {
        Span<T> oddPowers = new T[1 << (Window - 1)];
        T square = x.Square();
        oddPowers[0] = x;
        for (int i = 1; i < oddPowers.Length; i++)
        {
            oddPowers[i] = oddPowers[i - 1] * square;
        }

        T result = T.One;
        int bit = (64 * Exponent.Length) - 1 - BitOperations.LeadingZeroCount(Exponent[^1]);
        while (bit >= 0)
        {
            if (!IsSet(bit))
            {
                result = result.Square();
                bit--;
                continue;
            }

            // The longest run of at most Window bits that ends in a one.
            int end = Math.Max(bit - Window + 1, 0);
            while (!IsSet(end))
            {
                end++;
            }

            int digit = 0;
            for (; bit >= end; bit--)
            {
                result = result.Square();
                digit = (digit << 1) | (IsSet(bit) ? 1 : 0);
            }

            result *= oddPowers[digit >> 1];
        }

        return result;
    }

    private static bool IsSet(int bit) => ((Exponent[bit / 64] >> (bit % 64)) & 1) != 0;
}
