using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class PackedFp12Tests
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
    public void Every_operation_agrees_with_the_tower_of_single_elements()
    {
        Fp12<Fp2<Fp>>[] samples = Samples();
        AssertEqual(PackedFp12.One, Fp12<Fp2<Fp>>.One);
        Assert.That(PackedFp12.One.OneLanes, Is.EqualTo(1));
        foreach (Fp12<Fp2<Fp>> a in samples)
        {
            PackedFp12 x = PackedFp12.Broadcast(a);
            AssertEqual(x, a);
            AssertEqual(x.Square(), a.Square());
            AssertEqual(x.Conjugate(), a.Conjugate());
            AssertEqual(x.Frobenius(), a.Frobenius());
            AssertEqual(x.FrobeniusSquare(), a.FrobeniusSquare());
            AssertEqual(x.Invert(), a.Invert());
            Assert.That(x.OneLanes, Is.Zero);
            Assert.That((x * x.Invert()).OneLanes, Is.EqualTo(1));
            foreach (Fp12<Fp2<Fp>> b in samples)
            {
                PackedFp12 y = PackedFp12.Broadcast(b);
                AssertEqual(x * y, a * b);
                AssertEqual((x * y).Square() * x, (a * b).Square() * a);
            }
        }
    }

    [Test]
    public void Both_lines_are_multiplied_in()
    {
        Fp12<Fp2<Fp>>[] samples = Samples();
        foreach (Fp12<Fp2<Fp>> a in samples)
        {
            foreach (Fp12<Fp2<Fp>> lines in samples)
            {
                Fp6<Fp2<Fp>> one = lines.C0;
                Fp6<Fp2<Fp>> other = lines.C1;
                PackedFp12 product = PackedFp12.Broadcast(a).MultiplyByLines(
                    PairedFp2.Create(one.C0, other.C0), PairedFp2.Create(one.C1, other.C1), PairedFp2.Create(one.C2, other.C2));
                AssertEqual(product, a.MultiplyByLines(one.C0, one.C1, one.C2).MultiplyByLines(other.C0, other.C1, other.C2));
            }
        }
    }

    [Test]
    public void Powers_in_the_cyclotomic_subgroup_agree()
    {
        foreach (Fp12<Fp2<Fp>> sample in Samples())
        {
            Fp12<Fp2<Fp>> a = sample.Conjugate() * sample.Invert();
            a = a.FrobeniusSquare() * a;
            PackedFp12 x = PackedFp12.Broadcast(a);
            AssertEqual(x.CyclotomicSquare(), a.CyclotomicSquare());
            AssertEqual(x.PowerOfParameter(), a.PowerOfParameter());
        }
    }

    [Test]
    public void Limbs_at_the_tie_of_rounding_are_multiplied_exactly()
    {
        // Numbers whose 50-bit limbs are 2^49, 2^49 - 1 or 2^49 + 1 in lane form, which gives sums with maximal limbs.
        Fp factor = Element(BigInteger.ModPow(2, 400, P)).Invert();
        Random random = new(8);
        Fp Tie()
        {
            BigInteger number = 0;
            for (int i = 0; i < 8; i++)
            {
                number = (number << 50) + (1L << 49) + random.Next(-1, 2);
            }

            Fp tie = Element(number % P) * factor;
            return random.Next(2) == 0 ? tie : -tie;
        }

        Fp6<Fp2<Fp>> Ties() => new(new(Tie(), Tie()), new(Tie(), Tie()), new(Tie(), Tie()));
        for (int round = 0; round < 200; round++)
        {
            Fp12<Fp2<Fp>> a = new(Ties(), Ties());
            Fp12<Fp2<Fp>> b = new(Ties(), Ties());
            PackedFp12 x = PackedFp12.Broadcast(a);
            AssertEqual(x * PackedFp12.Broadcast(b), a * b);
            AssertEqual(x.Square(), a.Square());
            AssertEqual(x.CyclotomicSquare(), a.CyclotomicSquare());
            AssertEqual(x.CyclotomicSquare().CyclotomicSquare(), a.CyclotomicSquare().CyclotomicSquare());
        }
    }

    private static Fp12<Fp2<Fp>>[] Samples()
    {
        Fp[] numbers = [.. Numbers.Samples(P, 60).Where(static number => !number.IsZero).Select(Element)];
        List<Fp12<Fp2<Fp>>> samples = [];
        for (int i = 0; i + 12 <= numbers.Length; i += 4)
        {
            Fp2<Fp> At(int j) => new(numbers[i + (2 * j)], numbers[i + (2 * j) + 1]);
            samples.Add(new(new(At(0), At(1), At(2)), new(At(3), At(4), At(5))));
        }

        return [.. samples];
    }

    private static Fp Element(BigInteger number)
    {
        Assert.That(Fp.TryRead(Numbers.BigEndian(number, 48), out Fp element), Is.True);
        return element;
    }

    private static void AssertEqual(in PackedFp12 actual, in Fp12<Fp2<Fp>> expected) =>
        Assert.That(actual.ToSingle(), Is.EqualTo(expected));
}
