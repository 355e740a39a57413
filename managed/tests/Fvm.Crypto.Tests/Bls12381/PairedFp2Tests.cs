using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class PairedFp2Tests
{
    private static readonly BigInteger P = Numbers.Hex(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

    [SetUp]
    public void NeedVectors()
    {
        if (!FpLanes.IsSupported)
        {
            Assert.Ignore("this machine has no AVX2 and FMA");
        }
    }

    [Test]
    public void Every_operation_agrees_with_the_extension_of_single_elements()
    {
        Fp2<Fp>[] samples = Samples();
        for (int i = 0; i < samples.Length; i++)
        {
            Fp2<Fp> a = samples[i];
            Fp2<Fp> b = samples[(i + 5) % samples.Length];
            PairedFp2 x = PairedFp2.Create(a, b);
            AssertEqual(x, a, b);
            AssertEqual(-x, -a, -b);
            AssertEqual(x.Double(), a.Double(), b.Double());
            AssertEqual(x.Square(), a.Square(), b.Square());
            AssertEqual(x.Reduce(), a, b);
            AssertEqual(x.Conjugate(), a.Conjugate(), b.Conjugate());
            AssertEqual(x.MultiplyByNonResidue(), a.MultiplyByNonResidue(), b.MultiplyByNonResidue());
            AssertEqual(x.MultiplyByThreeB(), a.MultiplyByThreeB(), b.MultiplyByThreeB());
            AssertEqual(x.Invert(), a.Invert(), b.Invert());
            Assert.That(x.ZeroLanes, Is.EqualTo(a.ZeroLanes | (b.ZeroLanes << 1)));
            for (int j = 0; j < samples.Length; j++)
            {
                Fp2<Fp> c = samples[j];
                Fp2<Fp> d = samples[(j + 3) % samples.Length];
                PairedFp2 y = PairedFp2.Create(c, d);
                AssertEqual(x + y, a + c, b + d);
                AssertEqual(x - y, a - c, b - d);
                AssertEqual(x * y, a * c, b * d);
                AssertEqual((x - y).Square() * (x + y), (a - c).Square() * (a + c), (b - d).Square() * (b + d));
                AssertEqual(
                    PairedFp2.SumForProduct(x, y) * PairedFp2.SumForProduct(y, x.Square()),
                    (a + c) * (c + a.Square()), (b + d) * (d + b.Square()));
                AssertEqual(PairedFp2.SubtractBoth(x, y, x * y), a - c - (a * c), b - d - (b * d));
                AssertEqual(PairedFp2.AddTimesNonResidue(x, y), a + c.MultiplyByNonResidue(), b + d.MultiplyByNonResidue());
                AssertEqual(x.MultiplyByReal(y), a.MultiplyByReal(c), b.MultiplyByReal(d));
                PairedFp2.MultiplyTwice(x, y, out PairedFp2 first, y, y, out PairedFp2 second);
                AssertEqual(first, a * c, b * d);
                AssertEqual(second, c.Square(), d.Square());
                PairedFp2.SquareTwice(x, out first, y, out second);
                AssertEqual(first, a.Square(), b.Square());
                AssertEqual(second, c.Square(), d.Square());
                PairedFp2.MultiplyAndSquare(x, y, out first, x, out second);
                AssertEqual(first, a * c, b * d);
                AssertEqual(second, a.Square(), b.Square());
                PairedFp2.MultiplyByRealTwice(x, y, out first, y, x, out second);
                AssertEqual(first, a.MultiplyByReal(c), b.MultiplyByReal(d));
                AssertEqual(second, c.MultiplyByReal(a), d.MultiplyByReal(b));
                AssertEqual(PairedFp2.Select(i & 3, x, y), (i & 1) != 0 ? a : c, (i & 2) != 0 ? b : d);
            }
        }
    }

    [Test]
    public void Slots_of_two_vectors_are_put_together()
    {
        Fp2<Fp>[] samples = Samples();
        for (int i = 0; i + 3 < samples.Length; i++)
        {
            PairedFp2 x = PairedFp2.Create(samples[i], samples[i + 1]);
            PairedFp2 y = PairedFp2.Create(samples[i + 2], samples[i + 3]);
            AssertEqual(PairedFp2.LowHigh(x, y), samples[i], samples[i + 3]);
        }
    }

    [Test]
    public void Limbs_at_the_tie_of_rounding_are_multiplied_exactly()
    {
        // Numbers whose 50-bit limbs are 2^49, 2^49 - 1 or 2^49 + 1 in lane form.
        Fp factor = Element(BigInteger.ModPow(2, 400, P)).Invert();
        Random random = new(6);
        for (int round = 0; round < 400; round++)
        {
            Fp2<Fp> a = Ties(random, factor);
            Fp2<Fp> b = Ties(random, factor);
            Fp2<Fp> c = Ties(random, factor);
            Fp2<Fp> d = Ties(random, factor);
            PairedFp2 x = PairedFp2.Create(a, b);
            PairedFp2 y = PairedFp2.Create(c, d);
            AssertEqual(x * y, a * c, b * d);
            AssertEqual(x.Square(), a.Square(), b.Square());
            AssertEqual(PairedFp2.SumForProduct(x, y) * PairedFp2.SumForProduct(y, y), (a + c) * c.Double(), (b + d) * d.Double());
        }
    }

    private static Fp2<Fp> Ties(Random random, Fp factor) => new(Tie(random) * factor, Tie(random) * factor);

    private static Fp Tie(Random random)
    {
        BigInteger number = 0;
        for (int i = 0; i < 8; i++)
        {
            number = (number << 50) + (1L << 49) + random.Next(-1, 2);
        }

        return Element(number % P);
    }

    private static Fp2<Fp>[] Samples()
    {
        Fp[] numbers = [.. Numbers.Samples(P, 12).Select(Element)];
        return [.. numbers.Select((number, i) => new Fp2<Fp>(number, numbers[i * 7 % numbers.Length]))];
    }

    private static Fp Element(BigInteger number)
    {
        Assert.That(Fp.TryRead(Numbers.BigEndian(number, 48), out Fp element), Is.True);
        return element;
    }

    private static void AssertEqual(in PairedFp2 actual, in Fp2<Fp> first, in Fp2<Fp> second)
    {
        Fp2<Fp>[] stored = new Fp2<Fp>[2];
        actual.Store(stored);
        Assert.That(stored, Is.EqualTo((Fp2<Fp>[])[first, second]));
        Assert.That((actual - PairedFp2.Create(first, second)).ZeroLanes, Is.EqualTo(3));
    }
}
