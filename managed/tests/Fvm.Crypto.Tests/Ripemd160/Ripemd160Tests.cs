using System.Text;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Ripemd160Tests
{
    // The test vectors from the authors' page.
    [TestCase("", "9c1185a5c5e9fc54612808977ee8f548b2258d31")]
    [TestCase("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe")]
    [TestCase("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc")]
    [TestCase("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36")]
    [TestCase("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc")]
    [TestCase("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b")]
    [TestCase("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189")]
    [TestCase(
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "9b752e45573d4b39f4dbd3323cab82bf63326bfb")]
    public void Hash_of_the_official_texts(string text, string digest) =>
        Assert.That(Convert.ToHexStringLower(Ripemd160.Hash(Encoding.ASCII.GetBytes(text))), Is.EqualTo(digest));

    [Test]
    public void Hash_of_a_million_letters_in_uneven_pieces()
    {
        byte[] letters = Encoding.ASCII.GetBytes(new string('a', 1_000_000));
        Ripemd160Hasher hasher = new();
        for (int at = 0, piece = 1; at < letters.Length; at += piece, piece = (piece * 7 % 191) + 1)
        {
            hasher.Update(letters.AsSpan(at, Math.Min(piece, letters.Length - at)));
        }

        byte[] digest = new byte[20];
        hasher.Finish(digest);
        Assert.That(Convert.ToHexStringLower(digest), Is.EqualTo("52783243c1697bdbe16d37f97f68f08325dc1528"));
    }

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Ripemd160.Hash([], new byte[19]), Throws.ArgumentException);
}
