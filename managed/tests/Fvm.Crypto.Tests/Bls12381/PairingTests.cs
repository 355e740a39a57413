using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class PairingTests
{
    private static readonly Point<Fp> P = new(G1<Fp>.Generator);
    private static readonly Point<Fp2<Fp>> Q = new(G2<Fp2<Fp>>.Generator);

    [Test]
    public void Pairing_is_bilinear()
    {
        Fp12<Fp2<Fp>> one = Pairing(P, Q);
        Fp12<Fp2<Fp>> six = one.CyclotomicSquare() * one;
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
        Pair<Fp2<Fp>>[] pairs = [Pair(P, Q), Pair(P.Double(), Q), Pair(-P, Q.Double() + Q)];
        Assert.That(FinalExponentiation<Fp12<Fp2<Fp>>>.OneLanes(MillerLoop<Fp2<Fp>, Fp12<Fp2<Fp>>>.Run(pairs)), Is.EqualTo(1));
        Assert.That(FinalExponentiation<Fp12<Fp2<Fp>>>.OneLanes(MillerLoop<Fp2<Fp>, Fp12<Fp2<Fp>>>.Run(pairs.AsSpan(0, 2))), Is.EqualTo(0));
    }

    [Test]
    public void Parameter_multiplies_as_in_the_target_group()
    {
        // e(|x| P, Q) = e(P, |x| Q) = e(P, Q)^|x|
        Fp12<Fp2<Fp>> expected = Pairing(P, Q).PowerOfParameter();
        AssertEqual(Pairing(P.MultiplyByParameter(), Q), expected);
        AssertEqual(Pairing(P, Q.MultiplyByParameter()), expected);
    }

    [Test]
    public void Folded_powers_agree_with_powers_of_single_elements()
    {
        NeedVectors();
        Fp12<Fp2<Fp>> element = Pairing(P, Q);
        for (int i = 0; i < 20; i++)
        {
            Fp12<Fp2<Fp>> power = PackedFp12.Broadcast(element).PowerOfParameter().ToSingle();
            AssertEqual(power, element.PowerOfParameter());
            element = power * element;
        }
    }

    [Test]
    public void Pairs_in_lanes_give_the_products_of_single_pairs()
    {
        NeedVectors();
        Pair<Fp2<Fp>>[] pairs = [Pair(P, Q), Pair(P.Double(), Q), Pair(P, Q.Double() + Q), Pair(P.Double() + P, -Q)];
        Pair<Fp2<FpLanes>>[] groups = [Pair<Fp2<FpLanes>>.Load(pairs), Pair<Fp2<FpLanes>>.Load(pairs.AsSpan(2))];
        Fp12<Fp2<Fp>>[] lanes = new Fp12<Fp2<Fp>>[4];
        MillerLoop<Fp2<FpLanes>, Fp12<Fp2<FpLanes>>>.Run(groups).Store(lanes);
        for (int lane = 0; lane < 4; lane++)
        {
            Pair<Fp2<Fp>>[] both = [pairs[lane], pairs[Math.Min(lane + 2, 3)]];
            Fp12<Fp2<Fp>> expected = FinalExponentiation<Fp12<Fp2<Fp>>>.Compute(MillerLoop<Fp2<Fp>, Fp12<Fp2<Fp>>>.Run(both));
            AssertEqual(FinalExponentiation<Fp12<Fp2<Fp>>>.Compute(lanes[lane]), expected);

            PackedFp12 packed = MillerLoop<PairedFp2, PackedFp12>.Run([Pair<PairedFp2>.Load(both)]);
            AssertEqual(FinalExponentiation<PackedFp12>.Compute(packed).ToSingle(), expected);
            packed = MillerLoop<PairedFp2, PackedFp12>.Run([
                Pair<PairedFp2>.Load([both[0], Pair<Fp2<Fp>>.Neutral]), Pair<PairedFp2>.Load([Pair<Fp2<Fp>>.Neutral, both[1]])]);
            AssertEqual(FinalExponentiation<PackedFp12>.Compute(packed).ToSingle(), expected);
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

    private static Pair<Fp2<Fp>> Pair(Point<Fp> p, Point<Fp2<Fp>> q)
    {
        Affine<Fp> affine = p.ToAffine(out _);
        return new(new(new(affine.X, Fp.Zero), new(affine.Y, Fp.Zero)), q.ToAffine(out _));
    }

    private static void NeedVectors()
    {
        if (!FpLanes.IsSupported)
        {
            Assert.Ignore("this machine has no AVX2 and FMA");
        }
    }

    private static Fp12<Fp2<Fp>> Pairing(Point<Fp> p, Point<Fp2<Fp>> q) =>
        FinalExponentiation<Fp12<Fp2<Fp>>>.Compute(MillerLoop<Fp2<Fp>, Fp12<Fp2<Fp>>>.Run([Pair(p, q)]));

    private static void AssertEqual(in Fp12<Fp2<Fp>> a, in Fp12<Fp2<Fp>> b) => Assert.That((a * b.Invert()).OneLanes, Is.EqualTo(1));
}
