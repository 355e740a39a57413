using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>
/// Signatures on the curve but outside G2, among them points of small order, for which incomplete addition formulas fail.
/// </summary>
internal sealed class SubgroupTests
{
    private static readonly BigInteger P = Numbers.Hex(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

    // The order of the curve over Fp2 is the cofactor 13^2 23^2 2713 11953 262069 ... times the order of G2.
    private static readonly BigInteger Order = Numbers.Hex(
        "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001") * Numbers.Hex(
        "5d543a95414e7f1091d50792876a202cd91de4547085abaa68a205b2e5a7ddfa628f1cb4d9e82ef21537e293a6691ae1616ec6e786f0c70cf1c38e31c7238e5");

    private static readonly Point<Fp2<Fp>> Generator = new(G2<Fp2<Fp>>.Generator);

    private static readonly byte[] Key = Convert.FromHexString(
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");

    [TestCase(13)]
    [TestCase(23)]
    [TestCase(2713)]
    [TestCase(11953)]
    public void Points_of_small_order_are_no_signatures(int order)
    {
        // If the order divides twice, the points of that order form a plane, which a single division would eliminate.
        Assert.That((Order % order).IsZero, Is.True);
        BigInteger rest = Order / order;
        rest = (rest % order).IsZero ? rest / order : rest;
        Point<Fp2<Fp>> small = Multiply(Points().Take(20).First(point => IsFinite(Multiply(point, rest))), rest);
        Assert.That(IsFinite(Multiply(small, order)), Is.False);
        Point<Fp2<Fp>> multiple = small;
        for (int i = 1; i < Math.Min(order, 24); i++)
        {
            AssertRefused(multiple);
            AssertRefused(multiple + Generator);
            multiple += small;
        }
    }

    [Test]
    public void Other_points_outside_the_subgroup_are_no_signatures()
    {
        foreach (Point<Fp2<Fp>> point in Points().Take(20))
        {
            AssertRefused(point);
        }
    }

    [Test]
    public void Points_of_the_subgroup_are_signatures_if_not_good_ones()
    {
        Point<Fp2<Fp>> multiple = Generator;
        for (int i = 1; i < 20; i++)
        {
            Assert.That(BlsPaths.Verify(Encode(multiple), Key, [Key]), Is.EqualTo(BlsVerdict.Invalid));
            multiple += Generator;
        }
    }

    private static void AssertRefused(in Point<Fp2<Fp>> point) =>
        Assert.That(BlsPaths.Verify(Encode(point), Key, [Key]), Is.EqualTo(BlsVerdict.Malformed));

    private static bool IsFinite(in Point<Fp2<Fp>> point) => point.Z.ZeroLanes == 0;

    // Points on the curve with small x.
    private static IEnumerable<Point<Fp2<Fp>>> Points()
    {
        for (int i = 1; ; i++)
        {
            Fp2<Fp> x = new(Element(i), Element(1));
            Fp2<Fp> y = Fp2SquareRoot<Fp>.Compute(G2Encoding.OrdinateSquare(x), out int found);
            if (found != 0)
            {
                yield return new(new Affine<Fp2<Fp>>(x, y));
            }
        }
    }

    private static Point<Fp2<Fp>> Multiply(in Point<Fp2<Fp>> point, BigInteger factor)
    {
        Point<Fp2<Fp>> result = Generator - Generator;
        for (int bit = (int)factor.GetBitLength() - 1; bit >= 0; bit--)
        {
            result = result.Double();
            result = ((factor >> bit) & 1).IsZero ? result : result + point;
        }

        return result;
    }

    private static byte[] Encode(in Point<Fp2<Fp>> point)
    {
        byte[] bytes = new byte[G2Encoding.Size];
        G2Encoding.Write(point.ToAffine(out _), bytes);
        return bytes;
    }

    private static Fp Element(BigInteger number)
    {
        Assert.That(Fp.TryRead(Numbers.BigEndian(number % P, 48), out Fp element), Is.True);
        return element;
    }
}
