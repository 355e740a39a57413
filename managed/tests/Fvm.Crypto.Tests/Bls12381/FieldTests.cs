using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class FieldTests
{
    private static readonly BigInteger P = Numbers.Hex(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

    [Test]
    public void Sums_differences_and_products_agree_with_big_integers()
    {
        List<BigInteger> samples = Numbers.Samples(P, 40);
        foreach (BigInteger a in samples)
        {
            foreach (BigInteger b in samples)
            {
                Fp x = Element(a);
                Fp y = Element(b);
                Assert.That(Number(x + y), Is.EqualTo((a + b) % P), $"{a} + {b}");
                Assert.That(Number(x - y), Is.EqualTo((a - b + P) % P), $"{a} - {b}");
                Assert.That(Number(x * y), Is.EqualTo(a * b % P), $"{a} * {b}");
            }
        }
    }

    [Test]
    public void Inverses_parity_and_order_agree_with_big_integers()
    {
        foreach (BigInteger a in Numbers.Samples(P, 100))
        {
            Fp x = Element(a);
            Assert.That(Number(x.Invert() * x), Is.EqualTo(a.IsZero ? BigInteger.Zero : BigInteger.One));
            Assert.That(x.OddLanes, Is.EqualTo(a.IsEven ? 0 : 1));
            Assert.That(x.HighLanes, Is.EqualTo(a > P / 2 ? 1 : 0));
            Assert.That(x.ZeroLanes, Is.EqualTo(a.IsZero ? 1 : 0));
            Assert.That(Number(FieldPower.InverseRoot(x)), Is.EqualTo(BigInteger.ModPow(a, (P - 3) / 4, P)));
        }
    }

    [Test]
    public void Numbers_from_the_modulus_on_are_not_read()
    {
        foreach (BigInteger number in (BigInteger[])[P, P + 1, (BigInteger.One << 381) - 1, (BigInteger.One << 384) - 1])
        {
            Assert.That(Fp.TryRead(Numbers.BigEndian(number, 48), out _), Is.False, $"{number}");
        }
    }

    [Test]
    public void Wide_numbers_are_reduced()
    {
        foreach (BigInteger number in Numbers.Samples(BigInteger.One << 512, 50))
        {
            Assert.That(Number(Fp.ReadWide(Numbers.BigEndian(number, 64))), Is.EqualTo(number % P), $"{number}");
        }
    }

    [Test]
    public void Square_roots_of_squares_are_found_and_others_are_not()
    {
        // -(2 + u) is not a square, and neither is its product with a square.
        Fp2<Fp> nonSquare = new(-Element(2), -Element(1));
        List<BigInteger> samples = Numbers.Samples(P, 12);
        foreach (BigInteger a in samples)
        {
            foreach (BigInteger b in samples)
            {
                Fp2<Fp> square = new Fp2<Fp>(Element(a), Element(b)).Square();
                Fp2<Fp> root = Fp2SquareRoot<Fp>.Compute(square, out int found);
                Assert.That(found, Is.EqualTo(1), $"{a} + {b} u");
                Assert.That((root.Square() - square).ZeroLanes, Is.EqualTo(1));
                _ = Fp2SquareRoot<Fp>.Compute(square * nonSquare, out found);
                Assert.That(found, Is.EqualTo(square.ZeroLanes), $"{a} + {b} u");
            }
        }
    }

    [Test]
    public void Tower_operations_are_consistent()
    {
        List<BigInteger> samples = Numbers.Samples(P, 60);
        for (int i = 0; i + 24 < samples.Count; i++)
        {
            Fp12<Fp2<Fp>> a = Tower(samples, i);
            Fp12<Fp2<Fp>> b = Tower(samples, i + 12);
            AssertEqual(a * b, b * a);
            AssertEqual(a.Square(), a * a);
            AssertEqual((a * b) * a, a * (b * a));
            Assert.That((a * a.Invert()).OneLanes, Is.EqualTo(1));

            // The power by p is additive and multiplicative, and applied twelve times it is the identity.
            AssertEqual((a * b).Frobenius(), a.Frobenius() * b.Frobenius());
            AssertEqual(a.Frobenius().Frobenius(), a.FrobeniusSquare());
            Fp12<Fp2<Fp>> power = a;
            for (int j = 0; j < 6; j++)
            {
                power = power.Frobenius();
            }

            AssertEqual(power, a.Conjugate());

            Fp12<Fp2<Fp>> line = new(new(a.C0.C0, a.C0.C1, Fp2<Fp>.Zero), new(Fp2<Fp>.Zero, a.C1.C1, Fp2<Fp>.Zero));
            AssertEqual(b.MultiplyByLines(a.C0.C0, a.C0.C1, a.C1.C1), b * line);

            Fp12<Fp2<Fp>> cyclotomic = a.Conjugate() * a.Invert();
            cyclotomic = cyclotomic.FrobeniusSquare() * cyclotomic;
            AssertEqual(cyclotomic.CyclotomicSquare(), cyclotomic * cyclotomic);
            Assert.That((cyclotomic * cyclotomic.Conjugate()).OneLanes, Is.EqualTo(1));
        }
    }

    [Test]
    public void Frobenius_is_the_power_of_p()
    {
        Fp12<Fp2<Fp>> a = Tower(Numbers.Samples(P, 60), 30);
        Fp12<Fp2<Fp>> power = Fp12<Fp2<Fp>>.One;
        for (int bit = (int)P.GetBitLength() - 1; bit >= 0; bit--)
        {
            power = power.Square();
            if (!((P >> bit) & 1).IsZero)
            {
                power *= a;
            }
        }

        AssertEqual(a.Frobenius(), power);
    }

    private static Fp12<Fp2<Fp>> Tower(List<BigInteger> samples, int at)
    {
        Fp2<Fp> Pair(int i) => new(Element(samples[at + (2 * i)]), Element(samples[at + (2 * i) + 1]));
        return new(new(Pair(0), Pair(1), Pair(2)), new(Pair(3), Pair(4), Pair(5)));
    }

    private static void AssertEqual(in Fp12<Fp2<Fp>> a, in Fp12<Fp2<Fp>> b) => Assert.That((a * b.Invert()).OneLanes, Is.EqualTo(1));

    private static Fp Element(BigInteger number)
    {
        Assert.That(Fp.TryRead(Numbers.BigEndian(number, 48), out Fp element), Is.True);
        return element;
    }

    private static BigInteger Number(Fp element)
    {
        byte[] bytes = new byte[48];
        element.Write(bytes);
        return Numbers.FromBigEndian(bytes);
    }
}
