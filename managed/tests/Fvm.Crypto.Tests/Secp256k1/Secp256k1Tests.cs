using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Secp256k1Tests
{
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    // A transaction from the Ethereum tests with a high s and a known address.
    private const string Hash = "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c";
    private const string R = "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f";
    private const string HighS = "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549";

    private static BigInteger N => Numbers.Hex(Order);

    [Test]
    public void A_high_s_recovers_the_key_of_its_low_twin_with_the_other_recovery_id()
    {
        byte[] key = new byte[65];
        Assert.That(Recover(Hash, R, HighS, 1, key), Is.True);
        Assert.That(
            Convert.ToHexStringLower(Keccak256.Hash(key.AsSpan(1)).AsSpan(12)), Is.EqualTo("a94f5374fce5edbc8e2a8697c15331677e6ebf0b"));

        byte[] twin = new byte[65];
        Assert.That(Recover(Hash, R, Hex(N - Numbers.Hex(HighS)), 0, twin), Is.True);
        Assert.That(twin, Is.EqualTo(key));
    }

    [TestCase("0000000000000000000000000000000000000000000000000000000000000000", HighS, 0)]
    [TestCase(R, "0000000000000000000000000000000000000000000000000000000000000000", 0)]
    [TestCase(Order, HighS, 0)]
    [TestCase(R, Order, 0)]
    [TestCase("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", HighS, 0)]
    [TestCase(R, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 1)]
    [TestCase(R, HighS, 4)]
    [TestCase(R, HighS, 5)]
    [TestCase(R, HighS, 27)]
    [TestCase(R, HighS, 28)]
    [TestCase(R, HighS, 255)]
    [TestCase(R, HighS, 2)]
    [TestCase(R, HighS, 3)]
    public void A_signature_out_of_range_is_refused(string r, string s, int recoveryId) =>
        Assert.That(Recover(Hash, r, s, (byte)recoveryId, new byte[65]), Is.False);

    [Test]
    public void An_x_without_a_point_is_refused_and_others_are_not()
    {
        int refused = 0;
        for (int r = 1; r <= 40; r++)
        {
            BigInteger p = Numbers.Hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
            bool onCurve = BigInteger.ModPow((r * r * r) + 7, (p - 1) / 2, p) == 1;
            Assert.That(Recover(Hash, Hex(r), R, 0, new byte[65]), Is.EqualTo(onCurve), $"x = {r}");

            // With bit 1 of the recovery id, x is r + n, still below p.
            BigInteger x = r + N;
            onCurve = BigInteger.ModPow((x * x * x) + 7, (p - 1) / 2, p) == 1;
            Assert.That(Recover(Hash, Hex(r), R, 2, new byte[65]), Is.EqualTo(onCurve), $"x = {r} + n");
            refused += onCurve ? 0 : 1;
        }

        Assert.That(refused, Is.InRange(5, 35));
    }

    [Test]
    public void An_x_of_r_and_the_order_must_stay_below_the_field()
    {
        // p - n is the first r for which r + n is not an element of the field; its residue 0 is not an x of the curve either (7 is not a
        // square), so several above it are tested.
        BigInteger room = Numbers.Hex("14551231950b75fc4402da1722fc9baee");
        for (int i = 0; i < 20; i++)
        {
            Assert.That(Recover(Hash, Hex(room + i), R, 2, new byte[65]), Is.False, $"p - n + {i}");
        }

        Assert.That(Enumerable.Range(1, 20).Any(i => Recover(Hash, Hex(room - i), R, 2, new byte[65])), Is.True);
    }

    [Test]
    public void A_key_at_infinity_is_refused()
    {
        // For the nonce point k G, s k = z gives s R = z G. Here k = 1: r is the x of the generator, and s = z.
        string x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
        Assert.That(Recover(Hash, x, Hash, 0, new byte[65]), Is.False);
        Assert.That(Recover(Hash, x, Hash, 1, new byte[65]), Is.True);
    }

    [Test]
    public void Spans_of_wrong_length_are_errors_of_the_caller()
    {
        Assert.That(() => Crypto.Secp256k1.TryRecover(new byte[31], new byte[65], new byte[65]), Throws.ArgumentException);
        Assert.That(() => Crypto.Secp256k1.TryRecover(new byte[32], new byte[64], new byte[65]), Throws.ArgumentException);
        Assert.That(() => Crypto.Secp256k1.TryRecover(new byte[32], new byte[65], new byte[64]), Throws.ArgumentException);
    }

    private static string Hex(BigInteger number) => Convert.ToHexStringLower(Numbers.BigEndian(number, 32));

    private static bool Recover(string hash, string r, string s, byte recoveryId, byte[] key) => Crypto.Secp256k1.TryRecover(
        Convert.FromHexString(hash), [.. Convert.FromHexString(r), .. Convert.FromHexString(s), recoveryId], key);
}
