using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Secp256k1PrivateKeyTests
{
    private static BigInteger N => Numbers.Hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    // The generator, twice the generator, and its negative, by SEC 2 and the curve's equation.
    [TestCase("1", "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")]
    [TestCase("2", "c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee51ae168fea63dc339a3c58419466ceaeef7f632653266d0e1236431a950cfe52a")]
    [TestCase(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798b7c52588d95c3b9aa25b0403f1eef75702e84bb7597aabe663b82f6f04ef2777")]
    public void Public_keys_are_multiples_of_the_generator(string privateKey, string publicKey)
    {
        byte[] key = new byte[65];
        Assert.That(Crypto.Secp256k1.TryGetPublicKey(Numbers.BigEndian(Numbers.Hex(privateKey), 32), key), Is.True);
        Assert.That(Convert.ToHexStringLower(key), Is.EqualTo("04" + publicKey));
    }

    // With s = k r and z = 0, recovery at the nonce point G gives k G by another way: scalars of a point instead of those of the generator.
    [Test]
    public void Public_keys_are_those_that_recovery_finds()
    {
        BigInteger r = Numbers.Hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        foreach (BigInteger k in Numbers.Samples(N, random: 50).Where(static k => !k.IsZero))
        {
            byte[] key = new byte[65];
            byte[] recovered = new byte[65];
            byte[] signature = [.. Numbers.BigEndian(r, 32), .. Numbers.BigEndian(k * r % N, 32), 0];
            Assert.That(Crypto.Secp256k1.TryGetPublicKey(Numbers.BigEndian(k, 32), key), Is.True);
            Assert.That(Crypto.Secp256k1.TryRecover(new byte[32], signature, recovered), Is.True);
            Assert.That(Convert.ToHexString(key), Is.EqualTo(Convert.ToHexString(recovered)), $"k = {k}");
        }
    }

    [Test]
    public void Sums_are_those_modulo_the_order()
    {
        List<BigInteger> samples = Numbers.Samples(N, random: 30);
        byte[] sum = new byte[32];
        foreach (BigInteger a in samples)
        {
            foreach (BigInteger b in samples)
            {
                bool isKey = Crypto.Secp256k1.TryAddToPrivateKey(Numbers.BigEndian(a, 32), Numbers.BigEndian(b, 32), sum);
                BigInteger expected = (a + b) % N;
                Assert.That(isKey, Is.EqualTo(!expected.IsZero), $"{a} + {b}");
                if (isKey)
                {
                    Assert.That(Numbers.FromBigEndian(sum), Is.EqualTo(expected), $"{a} + {b}");
                }
            }
        }
    }

    [Test]
    public void Numbers_that_are_no_keys_are_refused()
    {
        byte[] one = Numbers.BigEndian(1, 32);
        byte[] order = Numbers.BigEndian(N, 32);
        byte[] key = new byte[65];
        Assert.That(Crypto.Secp256k1.TryGetPublicKey(new byte[32], key), Is.False, "zero");
        Assert.That(Crypto.Secp256k1.TryGetPublicKey(order, key), Is.False, "the order");
        Assert.That(key, Is.All.Zero, "untouched");
        Assert.That(Crypto.Secp256k1.TryAddToPrivateKey(order, one, key), Is.False, "key");
        Assert.That(Crypto.Secp256k1.TryAddToPrivateKey(one, order, key), Is.False, "number");
        Assert.That(() => Crypto.Secp256k1.TryGetPublicKey(new byte[31], key), Throws.ArgumentException);
        Assert.That(() => Crypto.Secp256k1.TryGetPublicKey(one, new byte[64]), Throws.ArgumentException);
    }
}
