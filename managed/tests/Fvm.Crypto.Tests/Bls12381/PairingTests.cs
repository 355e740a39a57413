using Fvm.Crypto.Bls12381;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class PairingTests
{
    private static readonly Point<Fp> P = new(G1<Fp>.Generator);
    private static readonly Point<Fp2<Fp>> Q = new(G2<Fp>.Generator);

    [Test]
    public void Pairing_is_bilinear()
    {
        Fp12<Fp> one = Pairing(P, Q);
        Fp12<Fp> six = one.CyclotomicSquare() * one;
        six = six.CyclotomicSquare();
        AssertEqual(Pairing(P.Double() + P, Q.Double()), six);
        AssertEqual(Pairing(P.Double(), Q.Double() + Q), six);
        AssertEqual(Pairing(P, (Q.Double() + Q).Double()), six);
        AssertEqual(Pairing(-P, Q), one.Conjugate());
        AssertEqual(Pairing(P, -Q), one.Conjugate());
        Assert.That(one.OneLanes, Is.EqualTo(0));
    }

    [Test]
    public void Pairs_in_one_run_give_the_product_of_their_pairings()
    {
        Pair<Fp>[] pairs = [Pair(P, Q), Pair(P.Double(), Q), Pair(-P, Q.Double() + Q)];
        Assert.That(FinalExponentiation.IsOne(MillerLoop<Fp>.Run(pairs)), Is.True);
        Assert.That(FinalExponentiation.IsOne(MillerLoop<Fp>.Run(pairs.AsSpan(0, 2))), Is.False);
    }

    [Test]
    public void Parameter_multiplies_as_in_the_target_group()
    {
        // e(|x| P, Q) = e(P, |x| Q) = e(P, Q)^|x|
        Fp12<Fp> expected = Pairing(P, Q).CyclotomicPowerOfParameter();
        AssertEqual(Pairing(P.MultiplyByParameter(), Q), expected);
        AssertEqual(Pairing(P, Q.MultiplyByParameter()), expected);
    }

    [Test]
    public void Powers_in_lanes_agree_with_powers_of_single_elements()
    {
        if (!FpLanes.IsSupported)
        {
            Assert.Ignore("this machine has no AVX2 and FMA");
        }

        Fp12<Fp> element = Pairing(P, Q);
        for (int i = 0; i < 20; i++)
        {
            Fp12<Fp> power = CyclotomicLanes.PowerOfParameter(element);
            AssertEqual(power, element.CyclotomicPowerOfParameter());
            element = power * element;
        }
    }

    [Test]
    public void Pairs_in_lanes_give_the_products_of_single_pairs()
    {
        if (!FpLanes.IsSupported)
        {
            Assert.Ignore("this machine has no AVX2 and FMA");
        }

        Pair<Fp>[] pairs = [Pair(P, Q), Pair(P.Double(), Q), Pair(P, Q.Double() + Q), Pair(P.Double() + P, -Q)];
        Fp12<FpLanes> lanes = MillerLoop<FpLanes>.Run([Lanes<FpLanes>.Load(pairs), Lanes<FpLanes>.Load(pairs.AsSpan(2))]);
        for (int count = 1; count <= 4; count++)
        {
            Pair<Fp>[] single = [.. Enumerable.Range(0, count).SelectMany(lane => (Pair<Fp>[])[pairs[lane], pairs[Math.Min(lane + 2, 3)]])];
            Fp12<Fp> product = Lanes<FpLanes>.Product(lanes, count);
            AssertEqual(FinalExponentiation.Compute(product), FinalExponentiation.Compute(MillerLoop<Fp>.Run(single)));
        }
    }

    [Test]
    public void Complete_additions_hold_for_equal_opposite_and_infinite_points()
    {
        Point<Fp2<Fp>> infinity = Q - Q;
        Assert.That(infinity.Z.ZeroLanes, Is.EqualTo(1));
        Assert.That((Q + Q).EqualLanes(Q.Double()), Is.EqualTo(1));
        Assert.That((Q + infinity).EqualLanes(Q), Is.EqualTo(1));
        Assert.That((infinity + Q).EqualLanes(Q), Is.EqualTo(1));
        Assert.That(infinity.Double().EqualLanes(infinity), Is.EqualTo(1));
        Assert.That(infinity.EqualLanes(Q) | Q.EqualLanes(infinity) | Q.EqualLanes(-Q), Is.EqualTo(0));
    }

    private static Pair<Fp> Pair(Point<Fp> p, Point<Fp2<Fp>> q) => new(p.ToAffine(out _), q.ToAffine(out _));

    private static Fp12<Fp> Pairing(Point<Fp> p, Point<Fp2<Fp>> q) => FinalExponentiation.Compute(MillerLoop<Fp>.Run([Pair(p, q)]));

    private static void AssertEqual(in Fp12<Fp> a, in Fp12<Fp> b) => Assert.That((a * b.Invert()).OneLanes, Is.EqualTo(1));
}
