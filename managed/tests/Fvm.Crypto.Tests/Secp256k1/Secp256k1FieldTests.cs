using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Secp256k1FieldTests
{
    private static readonly BigInteger P = Numbers.Hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    private static readonly BigInteger N = Numbers.Hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    // Raw limbs up to 2^256 - 1 are valid internally, so the samples exceed p.
    private static readonly List<BigInteger> Samples =
        [.. Numbers.Samples(P, 40), P, P + 1, (BigInteger.One << 256) - 1, (BigInteger.One << 256) - 2];

    [Test]
    public void Sums_differences_and_products_agree_with_big_integers()
    {
        foreach (BigInteger a in Samples)
        {
            foreach (BigInteger b in Samples)
            {
                Secp256k1Field x = Element(a);
                Secp256k1Field y = Element(b);
                Assert.That(Number(x + y), Is.EqualTo((a + b) % P), $"{a} + {b}");
                Assert.That(Number(x - y), Is.EqualTo((((a - b) % P) + P) % P), $"{a} - {b}");
                Assert.That(Number(x * y), Is.EqualTo(a * b % P), $"{a} * {b}");
            }
        }
    }

    [Test]
    public void Squares_inverses_and_roots_agree_with_products()
    {
        foreach (BigInteger a in Samples)
        {
            Secp256k1Field x = Element(a);
            Secp256k1Field square = x.Square();
            Assert.That(Number(square), Is.EqualTo(a * a % P), $"{a}");
            Assert.That(Number(x.Invert() * x), Is.EqualTo(a % P == 0 ? BigInteger.Zero : BigInteger.One), $"{a}");
            Assert.That(square.TrySquareRoot(null, out Secp256k1Field root), Is.True);
            Assert.That(Number(root.Square()), Is.EqualTo(Number(square)));
            Assert.That(x.TrySquareRoot(null, out _), Is.EqualTo(BigInteger.ModPow(a, (P - 1) / 2, P) != P - 1), $"{a}");
        }
    }

    [Test]
    public void Scalar_products_and_inverses_agree_with_big_integers()
    {
        List<BigInteger> samples = Numbers.Samples(N, 60);
        foreach (BigInteger a in samples)
        {
            Assert.That(Secp256k1Scalar.TryRead(Numbers.BigEndian(a, 32), out Secp256k1Scalar x), Is.True);
            Assert.That(x.IsHigh, Is.EqualTo(a > N / 2));
            Assert.That(Number(-x), Is.EqualTo((N - a) % N));
            Assert.That(Number(x.Invert() * x), Is.EqualTo(a.IsZero ? BigInteger.Zero : BigInteger.One));
            foreach (BigInteger b in samples)
            {
                Assert.That(Secp256k1Scalar.TryRead(Numbers.BigEndian(b, 32), out Secp256k1Scalar y), Is.True);
                Assert.That(Number(x * y), Is.EqualTo(a * b % N), $"{a} * {b}");
            }
        }
    }

    [Test]
    public void Numbers_from_the_modulus_on_are_not_read()
    {
        BigInteger top = (BigInteger.One << 256) - 1;
        foreach (BigInteger number in (BigInteger[])[P, P + 1, top])
        {
            Assert.That(Secp256k1Field.TryRead(Numbers.BigEndian(number, 32), out _), Is.False);
        }

        foreach (BigInteger number in (BigInteger[])[N, N + 1, P, top])
        {
            Assert.That(Secp256k1Scalar.TryRead(Numbers.BigEndian(number, 32), out _), Is.False);
            Assert.That(Number(Secp256k1Scalar.ReadReduced(Numbers.BigEndian(number, 32))), Is.EqualTo(number % N));
        }
    }

    [Test]
    public void Halves_of_a_scalar_are_short_and_add_up()
    {
        BigInteger lambda = Numbers.Hex("5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72");
        ulong[] first = new ulong[2];
        ulong[] second = new ulong[2];
        foreach (BigInteger k in Numbers.Samples(N, 2000))
        {
            Assert.That(Secp256k1Scalar.TryRead(Numbers.BigEndian(k, 32), out Secp256k1Scalar scalar), Is.True);
            Secp256k1Endomorphism.Split(scalar, first, out bool firstNegative, second, out bool secondNegative);
            BigInteger k1 = (first[0] + ((BigInteger)first[1] << 64)) * (firstNegative ? -1 : 1);
            BigInteger k2 = (second[0] + ((BigInteger)second[1] << 64)) * (secondNegative ? -1 : 1);
            Assert.That((k1 + (k2 * lambda) - k) % N, Is.EqualTo(BigInteger.Zero), $"{k}");
        }
    }

    private static Secp256k1Field Element(BigInteger a) => new(
        (ulong)(a & ulong.MaxValue), (ulong)((a >> 64) & ulong.MaxValue), (ulong)((a >> 128) & ulong.MaxValue), (ulong)(a >> 192));

    private static BigInteger Number(Secp256k1Field element)
    {
        byte[] bytes = new byte[32];
        element.Write(bytes);
        return Numbers.FromBigEndian(bytes);
    }

    private static BigInteger Number(Secp256k1Scalar scalar)
    {
        ulong[] limbs = new ulong[4];
        scalar.CopyTo(limbs);
        return limbs.Reverse().Aggregate(BigInteger.Zero, static (sum, limb) => (sum << 64) + limb);
    }
}
