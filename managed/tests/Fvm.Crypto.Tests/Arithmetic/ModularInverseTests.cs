using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class ModularInverseTests
{
    [TestCase("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 4)]
    [TestCase("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 4)]
    [TestCase("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", 6)]
    [TestCase("7", 4)]
    public void Product_with_the_inverse_is_one(string digits, int limbs)
    {
        BigInteger modulus = Numbers.Hex(digits);
        BigInteger word = BigInteger.One << 64;
        BigInteger inverse = 1;
        for (int i = 0; i < 6; i++)
        {
            inverse = inverse * (2 - (modulus * inverse)) % word;
        }

        ulong negativeInverse = (ulong)((word - ((inverse + word) % word)) % word);
        ulong[] result = new ulong[limbs];
        foreach (BigInteger number in Numbers.Samples(modulus, 3000).Where(value => value.Sign >= 0))
        {
            ModularInverse.Compute(Limbs(number, limbs), Limbs(modulus, limbs), negativeInverse, result);
            BigInteger product = number * Number(result) % modulus;
            Assert.That(product, Is.EqualTo(number.IsZero ? BigInteger.Zero : BigInteger.One), $"of {number}");
            Assert.That(Number(result), Is.LessThan(modulus));
        }
    }

    private static ulong[] Limbs(BigInteger number, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (ulong)((number >> (64 * i)) & ulong.MaxValue))];

    private static BigInteger Number(ulong[] limbs) => limbs.Reverse().Aggregate(BigInteger.Zero, static (sum, limb) => (sum << 64) + limb);
}
