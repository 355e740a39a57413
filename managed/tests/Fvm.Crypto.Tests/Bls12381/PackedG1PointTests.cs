using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class PackedG1PointTests
{
    private static readonly Point<Fp> P = new(G1<Fp>.Generator);

    [SetUp]
    public void NeedVectors()
    {
        if (!FpLanes.IsSupported)
        {
            Assert.Ignore("this machine has no AVX2 and FMA");
        }
    }

    [Test]
    public void Sums_and_doubles_agree_with_points_of_single_elements()
    {
        Point<Fp> expected = P;
        PackedG1Point generator = new(G1<Fp>.Generator);
        PackedG1Point actual = generator;
        for (int i = 0; i < 200; i++)
        {
            // Doublings, sums, sums of equal points, and sums with infinity.
            (actual, expected) = (i % 5) switch
            {
                0 or 3 => (actual.Double(), expected.Double()),
                1 => (actual + generator, expected + P),
                2 => (actual + actual, expected + expected),
                _ => (actual + Infinity(), expected + (P - P)),
            };
            AssertEqual(actual, expected);
        }

        AssertEqual(Infinity(), P - P);
        AssertEqual(Infinity().Double(), P - P);
        AssertEqual(Infinity() + generator, P);
    }

    [Test]
    public void Multiples_by_the_parameter_agree_outside_the_subgroup_too()
    {
        // (0, 2) has order 3.
        Affine<Fp> small = new(Fp.Zero, Fp.One.Double());
        foreach (Affine<Fp> point in (Affine<Fp>[])[G1<Fp>.Generator, small, P.MultiplyByParameter().ToAffine(out _)])
        {
            AssertEqual(new PackedG1Point(point).MultiplyByParameter(), new Point<Fp>(point).MultiplyByParameter());
        }
    }

    private static PackedG1Point Infinity() => new PackedG1Point(G1<Fp>.Generator) + new PackedG1Point(-G1<Fp>.Generator);

    private static void AssertEqual(PackedG1Point actual, Point<Fp> expected) =>
        Assert.That(actual.ToPoint().EqualLanes(expected), Is.EqualTo(1));
}
