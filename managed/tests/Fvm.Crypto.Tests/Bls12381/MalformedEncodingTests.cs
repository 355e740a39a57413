using System.Numerics;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>
/// Encodings to be rejected: invalid flags, infinity with other bits set, x out of range, x without a point, a point outside the subgroup.
/// </summary>
internal sealed class MalformedEncodingTests
{
    private static readonly BigInteger P = Numbers.Hex(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

    private static readonly byte[] GoodKey = Convert.FromHexString(
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");

    private static readonly byte[] GoodSignature = Convert.FromHexString(
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8");

    private static IEnumerable<TestCaseData> Keys() => Encodings(GoodKey, "key");

    private static IEnumerable<TestCaseData> Signatures() => Encodings(GoodSignature, "signature");

    [TestCaseSource(nameof(Keys))]
    public void A_malformed_key_is_refused(byte[] key) =>
        Assert.That(BlsPaths.Verify(GoodSignature, key, [GoodKey]), Is.EqualTo(BlsVerdict.Malformed));

    [TestCaseSource(nameof(Signatures))]
    public void A_malformed_signature_is_refused(byte[] signature) =>
        Assert.That(BlsPaths.Verify(signature, GoodKey, [GoodKey]), Is.EqualTo(BlsVerdict.Malformed));

    [Test]
    public void The_encodings_that_the_cases_start_from_are_good()
    {
        Assert.That(BlsSignatures.Verify(GoodSignature, GoodKey, GoodKey), Is.EqualTo(BlsVerdict.Invalid));
        Assert.That(Keys().Count() + Signatures().Count(), Is.GreaterThanOrEqualTo(100));
    }

    [Test]
    public void Small_x_are_refused_both_for_want_of_a_point_and_of_the_subgroup()
    {
        int onCurve = 0;
        for (int x = 0; x < 40; x++)
        {
            onCurve += BigInteger.ModPow((x * x * x) + 4, (P - 1) / 2, P) == 1 ? 1 : 0;
        }

        Assert.That(onCurve, Is.InRange(5, 35));
    }

    private static IEnumerable<TestCaseData> Encodings(byte[] good, string what)
    {
        TestCaseData Case(string name, byte[] bytes) => new TestCaseData(bytes).SetArgDisplayNames($"{what}: {name}");

        byte[] With(int flags, Action<byte[]>? change = null)
        {
            byte[] bytes = [.. good];
            bytes[0] = (byte)((bytes[0] & 0x1f) | flags);
            change?.Invoke(bytes);
            return bytes;
        }

        foreach (int flags in (int[])[0x00, 0x20, 0x40, 0x60])
        {
            yield return Case($"flags {flags:x2} without the compressed one", With(flags));
            yield return Case($"zero with flags {flags:x2}", [(byte)flags, .. new byte[good.Length - 1]]);
        }

        yield return Case("a point with the flag of infinity", With(0xc0));
        yield return Case("a point with the flags of infinity and sign", With(0xe0));
        yield return Case("infinity with a sign", [0xe0, .. new byte[good.Length - 1]]);
        for (int at = 0; at < good.Length; at += 3)
        {
            byte[] bytes = [0xc0, .. new byte[good.Length - 1]];
            bytes[at] |= 1;
            yield return Case($"infinity with a one in byte {at}", bytes);
        }

        foreach (BigInteger x in (BigInteger[])[P, P + 1, P + 4, (BigInteger.One << 381) - 1])
        {
            foreach (int flags in (int[])[0x80, 0xa0])
            {
                for (int part = 0; part < good.Length; part += 48)
                {
                    yield return Case($"coordinate {x} in part {part / 48} with flags {flags:x2}", With(flags, bytes =>
                    {
                        Numbers.BigEndian(x, 48).CopyTo(bytes, part);
                        bytes[0] |= (byte)flags;
                    }));
                }
            }
        }

        for (int x = 0; x < 40; x++)
        {
            byte[] bytes = [0x80, .. new byte[good.Length - 1]];
            bytes[^1] = (byte)x;
            yield return Case($"x = {x}, which is in no point of the subgroup", bytes);
            byte[] other = [.. bytes];
            other[0] = 0xa0;
            yield return Case($"x = {x} with the larger y", other);
        }

        foreach (int length in (int[])[0, 1, 47, 49, 95, 97])
        {
            if (length != good.Length)
            {
                yield return Case($"length {length}", [.. good.Concat(new byte[97]).Take(length)]);
            }
        }
    }
}
