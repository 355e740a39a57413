using System.Numerics;
using Fvm.Crypto.Bls12381;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class PackedFp2Tests
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
        foreach (Fp2<Fp> a in samples)
        {
            PackedFp2 x = PackedFp2.Broadcast(a);
            AssertEqual(x, a);
            AssertEqual(-x, -a);
            AssertEqual(x.Double(), a.Double());
            AssertEqual(x.Square(), a.Square());
            AssertEqual(x.Reduce(), a);
            AssertEqual(x.Conjugate(), a.Conjugate());
            AssertEqual(x.MultiplyByNonResidue(), a.MultiplyByNonResidue());
            AssertEqual(x.MultiplyByThreeB(), a.MultiplyByThreeB());
            AssertEqual(x.Invert(), a.Invert());
            Assert.That(x.ZeroLanes, Is.EqualTo(a.ZeroLanes));
            foreach (Fp2<Fp> b in samples)
            {
                PackedFp2 y = PackedFp2.Broadcast(b);
                AssertEqual(x + y, a + b);
                AssertEqual(x - y, a - b);
                AssertEqual(x * y, a * b);
                AssertEqual((x - y).Square() * (x + y), (a - b).Square() * (a + b));
                AssertEqual(x.MultiplyByReal(y), a.MultiplyByReal(b));
                AssertEqual(PackedFp2.Select(1, x, y), a);
                AssertEqual(PackedFp2.Select(0, x, y), b);
            }
        }
    }

    [Test]
    public void Gathered_elements_are_scattered_again()
    {
        Fp2<Fp>[] samples = Samples();
        Fp2<Fp>[] gathered = new Fp2<Fp>[4];
        for (int i = 0; i + 2 < samples.Length; i++)
        {
            Fp2<FpLanes> lanes = PackedFp2.Gather(
                PackedFp2.Broadcast(samples[i]), PackedFp2.Broadcast(samples[i + 1]), PackedFp2.Broadcast(samples[i + 2]));
            lanes.Store(gathered);
            Assert.That(gathered[..3], Is.EqualTo(samples[i..(i + 3)]));
            PackedFp2.Scatter(lanes, out PackedFp2 first, out PackedFp2 second, out PackedFp2 third);
            AssertEqual(first, samples[i]);
            AssertEqual(second, samples[i + 1]);
            AssertEqual(third, samples[i + 2]);
        }
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

    // Both copies in the lanes must agree: products take lanes from either.
    private static void AssertEqual(in PackedFp2 actual, in Fp2<Fp> expected)
    {
        Fp2<Fp>[] stored = new Fp2<Fp>[1];
        actual.Store(stored);
        Assert.That(stored[0], Is.EqualTo(expected));
        (actual - PackedFp2.Broadcast(expected)).Store(stored);
        Assert.That((actual - PackedFp2.Broadcast(expected)).ZeroLanes, Is.EqualTo(1));
    }
}
