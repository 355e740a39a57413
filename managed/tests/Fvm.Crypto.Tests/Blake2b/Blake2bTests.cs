using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Blake2bTests
{
    // RFC 7693, appendix A.
    [Test]
    public void Hash512_of_abc_is_the_vector_of_the_specification() => Assert.That(
        Convert.ToHexStringLower(Blake2b.Hash512("abc"u8)),
        Is.EqualTo("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"));

    [TestCase("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")]
    [TestCase("abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")]
    public void Hash256_of_known_texts(string text, string digest) =>
        Assert.That(Convert.ToHexStringLower(Blake2b.Hash256(System.Text.Encoding.ASCII.GetBytes(text))), Is.EqualTo(digest));

    // The known answers of https://github.com/BLAKE2/BLAKE2, testvectors/blake2-kat.json, without a key: line n is the digest of the bytes
    // 0, 1, ..., n - 1.
    [Test]
    public void Hash512_agrees_with_the_authors_known_answers()
    {
        string[] digests = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Blake2b", "Vectors", "blake2b-unkeyed.txt"));
        byte[] data = [.. Enumerable.Range(0, digests.Length).Select(static i => (byte)i)];
        Assert.That(digests, Has.Length.EqualTo(256));
        for (int length = 0; length < digests.Length; length++)
        {
            Assert.That(Convert.ToHexStringLower(Blake2b.Hash512(data.AsSpan(0, length))), Is.EqualTo(digests[length]), $"length {length}");
        }
    }

    [Test]
    public void Streaming_in_pieces_of_any_size_equals_the_one_shot_hash([Values(1, 7, 64, 127, 128, 129, 300)] int piece)
    {
        byte[] data = Sequence(1500, 7);
        byte[] digest = new byte[64];
        for (int length = 0; length <= data.Length; length += 61)
        {
            Blake2bHasher hasher = new(64);
            for (int at = 0; at < length; at += piece)
            {
                hasher.Update(data.AsSpan(at, Math.Min(piece, length - at)));
            }

            hasher.Finish(digest);
            Assert.That(digest, Is.EqualTo(Blake2b.Hash512(data.AsSpan(0, length))), $"length {length}");
        }
    }

    [Test]
    public void Scalar_and_vector_compression_agree()
    {
        if (!Blake2bCompression.IsVectorised)
        {
            Assert.Ignore("this machine has no AVX2");
        }

        byte[] blocks = Sequence(128 * 9, 3);
        foreach (bool final in (bool[])[false, true])
        {
            ulong[] scalar = [1, 2, 3, 4, 5, 6, 7, 8];
            ulong[] vector = [1, 2, 3, 4, 5, 6, 7, 8];
            UInt128 counter = ((UInt128)5 << 64) - 200;
            UInt128 after = Blake2bCompression.CompressScalar(scalar, blocks, counter, final);
            Assert.That(Blake2bCompression.CompressVector256(vector, blocks, counter, final), Is.EqualTo(after));
            Assert.That(vector, Is.EqualTo(scalar));
        }
    }

    [TestCase(0)]
    [TestCase(65)]
    public void A_digest_of_no_or_too_many_bytes_is_refused(int length) =>
        Assert.That(() => Blake2b.Hash([], new byte[length]), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Blake2b.Hash256([], new byte[31]), Throws.ArgumentException);

    // The deterministic sequence of RFC 7693, appendix E.
    private static byte[] Sequence(int length, uint seed)
    {
        byte[] data = new byte[length];
        uint a = 0xDEAD4BAD * seed;
        uint b = 1;
        for (int i = 0; i < length; i++)
        {
            uint t = a + b;
            a = b;
            b = t;
            data[i] = (byte)(t >> 24);
        }

        return data;
    }
}
