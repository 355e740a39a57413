using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class FpLanesTests
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
    public void Loading_and_storing_changes_nothing()
    {
        Fp[] stored = new Fp[4];
        Fp[] samples = Samples();
        for (int i = 0; i + 4 <= samples.Length; i += 4)
        {
            FpLanes.Load(samples.AsSpan(i)).Store(stored);
            Assert.That(stored, Is.EqualTo(samples[i..(i + 4)]));
        }
    }

    [Test]
    public void Every_operation_agrees_with_single_elements()
    {
        Fp[] samples = Samples();
        for (int i = 0; i + 8 <= samples.Length; i++)
        {
            Fp[] a = samples[i..(i + 4)];
            for (int j = 0; j + 4 <= samples.Length; j += 3)
            {
                Fp[] b = samples[j..(j + 4)];
                FpLanes x = FpLanes.Load(a);
                FpLanes y = FpLanes.Load(b);
                AssertLanes(x + y, lane => a[lane] + b[lane]);
                AssertLanes(x - y, lane => a[lane] - b[lane]);
                AssertLanes(x * y, lane => a[lane] * b[lane]);
                AssertLanes((x + y) * (x - y), lane => (a[lane] + b[lane]) * (a[lane] - b[lane]));
            }
        }
    }

    [Test]
    public void Single_operands_agree_with_single_elements()
    {
        Fp[] samples = Samples();
        for (int i = 0; i + 4 <= samples.Length; i++)
        {
            Fp[] a = samples[i..(i + 4)];
            FpLanes x = FpLanes.Load(a);
            AssertLanes(-x, lane => -a[lane]);
            AssertLanes(x.Double(), lane => a[lane].Double());
            AssertLanes(x.Square(), lane => a[lane].Square());
            AssertLanes(x.MultiplyByThreeB(), lane => a[lane].MultiplyByThreeB());
            AssertLanes(x.Invert(), lane => a[lane].Invert());
            AssertLanes(FieldPower.InverseRoot(x), lane => FieldPower.InverseRoot(a[lane]));
            AssertLanes(FpLanes.Select(i & 15, x, FpLanes.One), lane => ((i >> lane) & 1) != 0 ? a[lane] : Fp.One);
            for (int lane = 0; lane < 4; lane++)
            {
                Assert.That((x.ZeroLanes >> lane) & 1, Is.EqualTo(a[lane].ZeroLanes));
                Assert.That((x.OddLanes >> lane) & 1, Is.EqualTo(a[lane].OddLanes));
                Assert.That((x.HighLanes >> lane) & 1, Is.EqualTo(a[lane].HighLanes));
            }
        }
    }

    [Test]
    public void Long_sums_can_be_multiplied_and_reduced()
    {
        Fp[] samples = Samples();
        for (int i = 0; i + 4 <= samples.Length; i++)
        {
            Fp[] a = samples[i..(i + 4)];
            FpLanes x = FpLanes.Load(a);
            FpLanes sum = x;
            for (int j = 0; j < 6; j++)
            {
                sum = sum.Double();
            }

            AssertLanes(sum * sum, lane => Times64(a[lane]).Square());
            AssertLanes(-sum * x, lane => -(Times64(a[lane]) * a[lane]));
            AssertLanes(sum.Reduce() + x, lane => Times64(a[lane]) + a[lane]);

            // Alternates products with differences that nearly cancel: limbs of every sign.
            AssertLanes((sum - x.Double()) * (x - sum), lane => (Times64(a[lane]) - a[lane].Double()) * (a[lane] - Times64(a[lane])));
        }
    }

    [Test]
    public void Limbs_at_the_tie_of_rounding_are_multiplied_exactly()
    {
        // Numbers whose 50-bit limbs are 2^49, 2^49 - 1 or 2^49 + 1 in lane form.
        Fp factor = Element(BigInteger.ModPow(2, 400, P)).Invert();
        Random random = new(5);
        for (int round = 0; round < 400; round++)
        {
            Fp[] a = new Fp[4];
            Fp[] b = new Fp[4];
            for (int lane = 0; lane < 4; lane++)
            {
                a[lane] = Element(Ties(random)) * factor;
                b[lane] = round % 2 == 0 ? Element(Ties(random)) * factor : Element(random.NextInt64()) * factor;
            }

            FpLanes x = FpLanes.Load(a);
            FpLanes y = FpLanes.Load(b);
            AssertLanes(x * y, lane => a[lane] * b[lane]);
            AssertLanes((x + y) * (y - x), lane => (a[lane] + b[lane]) * (b[lane] - a[lane]));
        }
    }

    [Test]
    public void Random_chains_of_operations_agree_with_single_elements()
    {
        Random random = new(11);
        Fp[] samples = Samples();
        Fp[] a = samples[..4];
        FpLanes x = FpLanes.Load(a);
        for (int step = 0; step < 20_000; step++)
        {
            int at = random.Next(samples.Length - 4);
            Fp[] b = samples[at..(at + 4)];
            FpLanes y = FpLanes.Load(b);
            (x, Func<int, Fp> expected) = (step % 4) switch
            {
                0 => (x * y, lane => a[lane] * b[lane]),
                1 => (x + y, lane => a[lane] + b[lane]),
                2 => (y - x, lane => b[lane] - a[lane]),
                _ => (x.Square(), (Func<int, Fp>)(lane => a[lane].Square())),
            };
            AssertLanes(x, expected);
            a = [.. Enumerable.Range(0, 4).Select(expected)];
        }
    }

    private static BigInteger Ties(Random random)
    {
        BigInteger number = 0;
        for (int i = 0; i < 8; i++)
        {
            number = (number << 50) + (1L << 49) + random.Next(-1, 2);
        }

        return number % P;
    }

    private static Fp Times64(Fp element) => element.Double().Double().Double().Double().Double().Double();

    private static Fp[] Samples() => [.. Numbers.Samples(P, 60).Select(Element)];

    private static Fp Element(BigInteger number)
    {
        Assert.That(Fp.TryRead(Numbers.BigEndian(number, 48), out Fp element), Is.True);
        return element;
    }

    private static void AssertLanes(FpLanes actual, Func<int, Fp> expected)
    {
        Span<Fp> stored = stackalloc Fp[4];
        actual.Store(stored);
        for (int lane = 0; lane < 4; lane++)
        {
            if ((stored[lane] - expected(lane)).ZeroLanes == 0)
            {
                Assert.Fail($"lane {lane}");
            }
        }
    }
}
