using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>The kernel against portable code: on random numbers, and on limbs and numbers at which carries begin or end.</summary>
internal sealed class Secp256k1KernelTests
{
    private static readonly ulong[] EdgeLimbs = [0, 1, 2, 0x3d0, 0x3d1, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue, 0xffff_fffe_ffff_fc2e];
    private static readonly BigInteger Modulus = Numbers.Hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");

    private static readonly Secp256k1Field[] Edges =
        [.. new[] { 0, 1, 2, Modulus - 2, Modulus - 1, Modulus, Modulus + 1, (BigInteger.One << 256) - 1, (BigInteger.One << 256) - 2 }.Select(Element)];

    private static readonly Config Tests = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly Gen<ulong> Limb = Gen.OneOf(
        Gen.Elements(EdgeLimbs), ArbMap.Default.GeneratorFor<ulong>(),
        ArbMap.Default.GeneratorFor<ulong>().Select(static seed => seed * 0x9e37_79b9_7f4a_7c15));

    private static readonly Gen<Secp256k1Field> Field =
        Gen.OneOf(Gen.Elements(Edges), Limb.Four().Select(static l => new Secp256k1Field(l.Item1, l.Item2, l.Item3, l.Item4)));

    private Secp256k1Kernel _kernel = null!;

    [OneTimeSetUp]
    public void Create()
    {
        if (Secp256k1Kernel.Create() is not Secp256k1Kernel kernel)
        {
            Assert.Ignore("this processor has no ADX, or the system lets no process run what it wrote");
            return;
        }

        _kernel = kernel;
    }

    [Test]
    public void Products_and_powers_are_those_of_portable_code() => Check.One(
        Tests,
        Prop.ForAll(Arb.From(Field.Two()), (pair) =>
        {
            (Secp256k1Field a, Secp256k1Field b) = pair;
            AssertSame(_kernel.Multiply(a, b), a * b);
            AssertSame(_kernel.SquareMultiply(a, 1, b), a.Square() * b);
            AssertSame(_kernel.SquareMultiply(b, 3, a), b.Square().Square().Square() * a);
        }));

    [Test]
    public void All_pairs_of_edges_have_the_product_of_portable_code()
    {
        foreach (Secp256k1Field a in Edges)
        {
            foreach (Secp256k1Field b in Edges)
            {
                AssertSame(_kernel.Multiply(a, b), a * b);
                AssertSame(_kernel.SquareMultiply(a, 1, b), a.Square() * b);
            }
        }
    }

    // The formulas are polynomials: they have to agree on all coordinates, whether or not they are those of a point of the curve.
    [Test]
    public void Doubles_are_those_of_portable_code() => Check.One(
        Tests,
        Prop.ForAll(Arb.From(Field.Three()), (coordinates) =>
        {
            Secp256k1Point point = new(coordinates.Item1, coordinates.Item2, coordinates.Item3);
            Secp256k1Point doubled = point;
            _kernel.Double(ref doubled);
            AssertSame(doubled, point.Double());
        }));

    [Test]
    public void Sums_are_those_of_portable_code() => Check.One(
        Tests,
        Prop.ForAll(Arb.From(Field.Three()), Arb.From(Field.Three()), Arb.From(ArbMap.Default.GeneratorFor<bool>()), (p, q, negative) =>
        {
            Secp256k1Point point = new(p.Item1, p.Item2, p.Item3);
            Secp256k1Affine other = new(q.Item1, q.Item2);
            Secp256k1Field scale = q.Item3;
            AssertSum(point, other, negative);
            AssertScaledSum(point, other, negative, scale);
        }));

    [Test]
    public void Points_with_the_same_x_are_left_to_the_caller()
    {
        foreach (Secp256k1Field z in Edges.Where(static z => !z.IsZero))
        {
            Secp256k1Affine generator = Secp256k1Affine.Generator;
            Secp256k1Affine image = generator.Scale(z);
            Secp256k1Point point = new(image.X, image.Y, z);
            Secp256k1Point kept = point;
            foreach (bool negative in (bool[])[false, true])
            {
                Assert.That(_kernel.TryAdd(ref kept, generator, negative, out _), Is.False);
                Assert.That(_kernel.TryAddScaled(ref kept, generator, negative, Secp256k1Field.One), Is.False);
                AssertSame(kept, point);
            }
        }
    }

    private void AssertSum(in Secp256k1Point point, in Secp256k1Affine other, bool negative)
    {
        Secp256k1Point sum = point;
        if (!point.IsInfinity && _kernel.TryAdd(ref sum, other, negative, out Secp256k1Field ratio))
        {
            AssertSame(sum, Secp256k1Point.Add(point, negative ? -other : other, out Secp256k1Field expected));
            AssertSame(ratio, expected);
        }
    }

    private void AssertScaledSum(in Secp256k1Point point, in Secp256k1Affine other, bool negative, in Secp256k1Field scale)
    {
        Secp256k1Point sum = point;
        if (!point.IsInfinity && !scale.IsZero && _kernel.TryAddScaled(ref sum, other, negative, scale))
        {
            AssertSame(sum, point + (negative ? -other : other).Scale(scale));
        }
    }

    private static void AssertSame(in Secp256k1Point actual, in Secp256k1Point expected)
    {
        AssertSame(actual.X, expected.X);
        AssertSame(actual.Y, expected.Y);
        AssertSame(actual.Z, expected.Z);
    }

    private static void AssertSame(in Secp256k1Field actual, in Secp256k1Field expected)
    {
        if (!(actual - expected).IsZero)
        {
            Assert.Fail("the kernel's result differs");
        }
    }

    private static Secp256k1Field Element(BigInteger a) => new(
        (ulong)(a & ulong.MaxValue), (ulong)((a >> 64) & ulong.MaxValue), (ulong)((a >> 128) & ulong.MaxValue), (ulong)(a >> 192));
}
