using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>The kernel against portable code, on limbs up to the bounds of factors.</summary>
internal sealed class FpLanesKernelTests
{
    // Three limbs of normal size, and the largest value that the formulas multiply, in units of the top limb (p's is 2^30.7).
    private const long MostLimb = (3L << 49) + 3096;
    private const long MostTop = 100L * 1745110953;

    private static readonly Config Tests = Config.QuickThrowOnFailure.WithMaxTest(2000);
    private static readonly long[] Edges = [0, 1, -1, 1L << 49, -(1L << 49), (1L << 49) - 1, 1L << 50, -(1L << 50), MostLimb, -MostLimb];

    private static readonly Gen<long> Random =
        ArbMap.Default.GeneratorFor<ulong>().Select(static seed => (long)(seed * 0x9e37_79b9_7f4a_7c15));

    private static readonly Gen<double> Limb =
        Gen.OneOf(Gen.Elements(Edges), Random.Select(static seed => seed % (MostLimb + 1))).Select(static limb => (double)limb);

    private static readonly Gen<double> Top = Gen.OneOf(
        Gen.Elements(0L, 1, -1, MostTop, -MostTop), Random.Select(static seed => seed % (MostTop + 1))).Select(static limb => (double)limb);

    private static readonly Gen<double[]> Lanes =
        Gen.ArrayOf(Limb, 28).SelectMany(static limbs => Gen.ArrayOf(Top, 4).Select(tops => (double[])[.. limbs, .. tops]));

    private static readonly Arbitrary<double[]> Any = Arb.From(Lanes);

    private FpLanesKernel _kernel = null!;

    [OneTimeSetUp]
    public void Create()
    {
        if (FpLanesKernel.Create() is not FpLanesKernel kernel)
        {
            Assert.Ignore("this processor has no AVX-512 IFMA, or the system lets no process run what it wrote");
            return;
        }

        _kernel = kernel;
    }

    [Test]
    public void Products_are_those_of_portable_code() => Check.One(
        Tests,
        Prop.ForAll(Any, Any, (x, y) =>
        {
            (FpLanes a, FpLanes b) = (Load(x), Load(y));
            _kernel.Multiply(a, b, out FpLanes product);
            AssertSame(product, FpLanes.MultiplyPortable(Carried(a), Carried(b)));
            AssertBounds(product);

            FpLanes first = a;
            FpLanes second = b;
            _kernel.MultiplyTwice(first, b, out first, second, second, out second);
            AssertSame(first, product);
            AssertSame(second, FpLanes.MultiplyPortable(Carried(b), Carried(b)));
            AssertBounds(first);
            AssertBounds(second);
        }));

    [Test]
    public void Products_in_pairs_are_those_of_portable_code() => Check.One(
        Tests,
        Prop.ForAll(Any, Any, (x, y) =>
        {
            (FpLanes a, FpLanes b) = (Load(x), Load(y));
            _kernel.MultiplyPaired(a, b, out FpLanes product);
            FpLanes.MultiplyPairedPortable(Carried(a), Carried(b), out FpLanes expected);
            AssertSame(product, expected);
            AssertBounds(product);

            // The other pair in either half, and results in place of operands.
            FpLanes first = a;
            FpLanes second = b;
            _kernel.MultiplyPairedTwice(first, b, out first, second, second, out second);
            AssertSame(first, expected);
            FpLanes.MultiplyPairedPortable(Carried(b), Carried(b), out FpLanes square);
            AssertSame(second, square);
            AssertBounds(first);
            AssertBounds(second);
        }));

    private static FpLanes Load(double[] limbs)
    {
        FpLanes lanes = default;
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            lanes[i] = Vector256.Create<double>(limbs.AsSpan(4 * i));
        }

        return lanes;
    }

    // The same values with limbs of normal size: the bounds of portable code are narrower.
    private static FpLanes Carried(FpLanes lanes)
    {
        FpLanes.Carry(ref lanes);
        return lanes;
    }

    private static void AssertSame(in FpLanes actual, in FpLanes expected)
    {
        Span<Fp> first = stackalloc Fp[4];
        Span<Fp> second = stackalloc Fp[4];
        actual.Store(first);
        expected.Store(second);
        if (!first.SequenceEqual(second))
        {
            Assert.Fail("the kernel's product differs");
        }
    }

    // Limbs of normal size, and a value within 0.8 p.
    private static void AssertBounds(in FpLanes product)
    {
        for (int i = 0; i < FpLanes.LimbCount; i++)
        {
            double bound = i < FpLanes.LimbCount - 1 ? (1L << 49) + (1L << 10) : 0.8 * FpLanes.P7;
            if (Vector256.GreaterThanAny(Vector256.Abs(product[i]), Vector256.Create(bound)))
            {
                Assert.Fail($"limb {i} is {product[i]}");
            }
        }
    }
}
