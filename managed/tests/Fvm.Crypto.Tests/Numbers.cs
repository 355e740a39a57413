using System.Numerics;

namespace Fvm.Crypto.Tests;

/// <summary>Big integers as a model of the fields.</summary>
internal static class Numbers
{
    public static BigInteger Hex(string digits) => BigInteger.Parse("0" + digits, System.Globalization.NumberStyles.HexNumber);

    public static byte[] BigEndian(BigInteger number, int size)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[size - bytes.Length], .. bytes];
    }

    public static BigInteger FromBigEndian(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    /// <summary>Numbers below the modulus: edge cases, sparse and full limbs, and random ones.</summary>
    public static List<BigInteger> Samples(BigInteger modulus, int random)
    {
        List<BigInteger> samples = [0, 1, 2, 3, modulus - 1, modulus - 2, modulus / 2, (modulus / 2) + 1];
        int bits = (int)modulus.GetBitLength();
        for (int bit = 31; bit < bits; bit += 32)
        {
            BigInteger power = BigInteger.One << bit;
            samples.AddRange([power % modulus, (power - 1) % modulus, modulus - (power >> 1)]);
        }

        Random generator = new(20240613);
        byte[] bytes = new byte[(bits / 8) + 8];
        for (int i = 0; i < random; i++)
        {
            generator.NextBytes(bytes);
            samples.Add(FromBigEndian(bytes) % modulus);
        }

        return samples;
    }
}
