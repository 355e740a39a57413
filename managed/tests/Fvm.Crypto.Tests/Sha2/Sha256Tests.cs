using System.Text;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Sha256Tests
{
    [TestCase("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [TestCase("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Hash_of_the_official_texts(string text, string digest)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        Assert.That(Convert.ToHexStringLower(Sha256.Hash(data)), Is.EqualTo(digest));

        using Sha256Hasher hasher = new();
        hasher.Update(data.AsSpan(0, data.Length / 2));
        hasher.Update(data.AsSpan(data.Length / 2));
        byte[] streamed = new byte[32];
        hasher.Finish(streamed);
        Assert.That(Convert.ToHexStringLower(streamed), Is.EqualTo(digest));
    }

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Sha256.Hash([], new byte[31]), Throws.ArgumentException);
}
