using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>Content identifiers: known encodings, leniency, order.</summary>
public sealed class CidTests
{
    private const string OfEmptyArray = "bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a";
    private const string Digest32 = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

    [Test]
    public void The_digest_of_an_empty_array_gives_the_known_CID() =>
        Assert.That(Cid.Blake2b256(Multicodec.DagCbor, [0x80]).ToString(), Is.EqualTo(OfEmptyArray));

    [TestCase("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", 0UL, Multicodec.DagPb, MultihashCode.Sha2_256)]
    [TestCase("bafkreieq5jui4j25lacwomsqgjeswwl3y5zcdrresptwgmfylxo2depppq", 1UL, Multicodec.Raw, MultihashCode.Sha2_256)]
    [TestCase("zdj7WhuEjrB52m1BisYCtmjH1hSKa7yZ3jEZ9JcXaFRD51wVz", 1UL, Multicodec.DagPb, MultihashCode.Sha2_256)]
    [TestCase(OfEmptyArray, 1UL, Multicodec.DagCbor, MultihashCode.Blake2b256)]
    public void Known_texts_parse(string text, ulong version, ulong codec, ulong hashCode)
    {
        Assert.That(Cid.TryParse(text, out Cid cid), Is.True);
        Assert.That((cid.Version, cid.Codec, cid.MultihashCode, cid.DigestLength), Is.EqualTo((version, codec, hashCode, 32)));
        Assert.That(cid.ToString(), Is.EqualTo(text.StartsWith('z') ? cid.ToString() : text));
    }

    [Test]
    public void All_bases_give_the_same_CID()
    {
        Cid cid = Cid.Parse(OfEmptyArray);
        string hex = Convert.ToHexStringLower(cid.ToBytes());

        Assert.That(Cid.Parse("f" + hex), Is.EqualTo(cid));
        Assert.That(Cid.Parse("B" + OfEmptyArray[1..].ToUpperInvariant()), Is.EqualTo(cid));
        Assert.That(Cid.Parse("z" + Multibase.EncodeBase58(cid.ToBytes())), Is.EqualTo(cid));
        Assert.That(Cid.Parse("k" + Base36(cid.ToBytes())), Is.EqualTo(cid));
    }

    [TestCase("")]
    [TestCase("b")]
    [TestCase("x" + "abc")]
    [TestCase("bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4b", Description = "bits after the last byte")]
    [TestCase("bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta", Description = "cut off")]
    [TestCase("bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4aaa", Description = "too long")]
    [TestCase("Qm0fTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", Description = "0 is not in base58")]
    public void Other_texts_do_not_parse(string text)
    {
        Assert.That(Cid.TryParse(text, out Cid cid), Is.False);
        Assert.That(cid.IsDefault, Is.True);
        Assert.That(() => Cid.Parse(text), Throws.TypeOf<FormatException>());
    }

    [TestCase("1220" + Digest32, 34, Description = "version 0")]
    [TestCase("1220" + Digest32 + "ff", 34, Description = "version 0, with bytes after it")]
    [TestCase("928080808080808080022 0" + Digest32, 43, Description = "version 0 whose first varint drops bits")]
    [TestCase("0171a0e40220" + Digest32, 38)]
    [TestCase("01550000", 4, Description = "identity of nothing")]
    [TestCase("01550040" + Digest32 + Digest32, 68, Description = "64 bytes")]
    public void Bytes_that_the_reference_takes_are_read(string hex, int length)
    {
        Assert.That(Cid.TryRead(Encode.Hex(hex), out Cid cid, out int read), Is.True);
        Assert.That(read, Is.EqualTo(length));
        Assert.That(cid.IsDefault, Is.False);
    }

    [TestCase("")]
    [TestCase("12")]
    [TestCase("1220" + "0102", Description = "version 0, cut off")]
    [TestCase("00701220" + Digest32, Description = "explicit version 0")]
    [TestCase("0271a0e40220" + Digest32, Description = "version 2")]
    [TestCase("1320" + Digest32, Description = "version 19")]
    [TestCase("01f100a0e40220" + Digest32, Description = "a codec that is not minimal")]
    [TestCase("0171a0e40221" + Digest32, Description = "a digest that is cut off")]
    [TestCase("01550041" + Digest32 + Digest32 + "61", Description = "65 bytes")]
    public void Bytes_that_the_reference_refuses_are_refused(string hex)
    {
        Assert.That(Cid.TryRead(Encode.Hex(hex), out Cid cid, out int read), Is.False);
        Assert.That((cid.IsDefault, read), Is.EqualTo((true, 0)));
    }

    [Test]
    public void The_default_value_is_no_CID()
    {
        Cid cid = default;
        Cid identity = Cid.CreateV1(0, MultihashCode.Identity, []);

        Assert.That(cid.IsDefault, Is.True);
        Assert.That(cid, Is.Not.EqualTo(identity));
        Assert.That(cid.ToString(), Is.Empty);
        Assert.That(cid.ByteLength, Is.Zero);
        Assert.That(() => default(Cid).ToBytes(), Throws.InvalidOperationException);
    }

    [Test]
    public void Each_part_counts_for_equality_and_order()
    {
        byte[] digest = Encode.Hex(Digest32);
        Cid[] inOrder =
        [
            Cid.CreateV0(digest),
            Cid.CreateV1(Multicodec.Raw, MultihashCode.Sha2_256, digest),
            Cid.CreateV1(Multicodec.DagPb, MultihashCode.Identity, [.. digest, 1]),
            Cid.CreateV1(Multicodec.DagPb, MultihashCode.Sha2_256, digest.AsSpan(1)),
            Cid.CreateV1(Multicodec.DagPb, MultihashCode.Sha2_256, digest),
            Cid.CreateV1(Multicodec.DagPb, MultihashCode.Sha2_256, [.. digest.AsSpan(0, 31), 0xff]),
            Cid.CreateV1(Multicodec.DagPb, MultihashCode.Sha2_256, [.. digest, 0]),
            Cid.CreateV1(Multicodec.DagPb, MultihashCode.Sha2_256, [.. digest, 1]),
            Cid.CreateV1(Multicodec.DagPb, ushort.MaxValue, digest),
            Cid.CreateV1(Multicodec.DagPb, ushort.MaxValue + 1, digest),
            Cid.CreateV1(Multicodec.DagPb, ulong.MaxValue, digest),
            Cid.CreateV1(uint.MaxValue, MultihashCode.Blake2b256, digest),
            Cid.CreateV1(1UL << 32, MultihashCode.Sha2_256, digest.AsSpan(1)),
            Cid.CreateV1(1UL << 32, MultihashCode.Sha2_256, digest),
            Cid.CreateV1(1UL << 32, MultihashCode.Blake2b256, digest),
            Cid.CreateV1((1UL << 32) + 1, MultihashCode.Blake2b256, digest),
            Cid.CreateV1(ulong.MaxValue, MultihashCode.Blake2b256, [.. digest, 1]),
            Cid.CreateV1(ulong.MaxValue, MultihashCode.Blake2b256, [.. digest, 2]),
        ];

        for (int left = 0; left < inOrder.Length; left++)
        {
            for (int right = 0; right < inOrder.Length; right++)
            {
                Assert.That(Math.Sign(inOrder[left].CompareTo(inOrder[right])), Is.EqualTo(left.CompareTo(right)), $"{left} {right}");
                Assert.That(inOrder[left] == inOrder[right], Is.EqualTo(left == right), $"{left} {right}");
                Assert.That(inOrder[left].IsUsual, Is.EqualTo(left == 11), $"{left}");
            }
        }
    }

    [Test]
    public void Digests_that_end_in_zeros_are_not_those_that_lack_them()
    {
        Cid shorter = Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, [1, 0]);
        Cid longer = Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, [1, 0, 0]);

        Assert.That(shorter, Is.Not.EqualTo(longer));
        Assert.That(shorter.Digest.ToArray(), Is.EqualTo(new byte[] { 1, 0 }));
    }

    [Test]
    public void Every_CID_comes_back_from_bytes_and_text() => Prop.ForAll<ulong, ulong, byte[]>((codec, hashCode, bytes) =>
    {
        byte[] digest = bytes.Length > Cid.MaxDigestLength ? bytes[..Cid.MaxDigestLength] : bytes;
        Cid cid = Cid.CreateV1(codec, hashCode, digest);
        byte[] binary = cid.ToBytes();
        return binary.Length == cid.ByteLength
            && Cid.TryRead(binary, out Cid read, out int length)
            && length == binary.Length
            && read == cid
            && read.GetHashCode() == cid.GetHashCode()
            && read.Digest.SequenceEqual(digest)
            && Cid.Parse(cid.ToString()) == cid;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Hash_codes_spread_over_CIDs_that_differ_in_one_byte()
    {
        HashSet<int> codes = [];
        for (int position = 0; position < 32; position++)
        {
            for (int value = 1; value < 256; value++)
            {
                byte[] digest = new byte[32];
                digest[position] = (byte)value;
                codes.Add(Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, digest).GetHashCode());
            }
        }

        Assert.That(codes, Has.Count.GreaterThan((32 * 255) - 10));
    }

    [Test]
    public void Hash_codes_spread_over_CIDs_that_differ_outside_the_digest_or_in_a_long_one()
    {
        const int Count = 4_000;
        Func<int, Cid>[] kinds =
        [
            static i => Cid.CreateV1(Multicodec.Raw, (ulong)i, new byte[32]),
            static i => Cid.CreateV1(Multicodec.Raw, (ulong)i << 40, new byte[32]),
            static i => Cid.CreateV1(Multicodec.Raw, (ulong)i, BitConverter.GetBytes(i)),
            static i => Cid.CreateV1(Multicodec.Raw ^ (ulong)i, 1, [.. new byte[24], .. BitConverter.GetBytes((long)i)]),
            static i => Cid.CreateV1(Multicodec.Raw, (ulong)i % 62, new byte[i / 62]),
            static i => Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, [.. new byte[60], .. BitConverter.GetBytes(i)]),
            static i => Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, ColludingLanes(i)),
        ];
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            int codes = Enumerable.Range(0, Count).Select(i => kinds[kind](i).GetHashCode()).Distinct().Count();
            Assert.That(codes, Is.GreaterThan(Count - 10), $"kind {kind}");
        }
    }

    // 64 bytes, by 16 bits: the differences of two successive words cancel out in xxHash32, whose four lanes HashCode has, for any seed with
    // a probability of a half each.
    private static byte[] ColludingLanes(int bits)
    {
        const uint Prime1 = 2654435761, Prime2 = 2246822519;
        uint inverse = Prime2;
        for (int step = 0; step < 5; step++)
        {
            inverse *= 2 - (Prime2 * inverse);
        }

        byte[] digest = new byte[64];
        for (int lane = 0; lane < 4; lane++)
        {
            for (int pair = 0; pair < 2; pair++)
            {
                // Bit 31 of the lane becomes bit 12 by the rotation; the second word takes its product away.
                bool differs = ((bits >> ((2 * lane) + pair)) & 1) != 0;
                uint first = differs ? 0x8000_0000u * inverse : 0;
                uint second = differs ? unchecked(0u - (0x1000u * Prime1 * inverse)) : 0;
                BitConverter.TryWriteBytes(digest.AsSpan((32 * pair) + (4 * lane)), first);
                BitConverter.TryWriteBytes(digest.AsSpan((32 * pair) + 16 + (4 * lane)), second);
            }
        }

        digest[^1] ^= (byte)(bits >> 8);
        digest[^2] ^= (byte)(bits >> 16);
        return digest;
    }

    private static string Base36(byte[] bytes)
    {
        System.Numerics.BigInteger value = new(bytes, isUnsigned: true, isBigEndian: true);
        string text = string.Empty;
        while (!value.IsZero)
        {
            text = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(value % 36)] + text;
            value /= 36;
        }

        return text;
    }
}
