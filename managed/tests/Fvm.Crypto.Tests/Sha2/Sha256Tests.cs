using System.Security.Cryptography;
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

        Sha256Hasher hasher = new();
        hasher.Update(data.AsSpan(0, data.Length / 2));
        hasher.Update(data.AsSpan(data.Length / 2));
        byte[] streamed = new byte[32];
        hasher.Finish(streamed);
        Assert.That(Convert.ToHexStringLower(streamed), Is.EqualTo(digest));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Messages_of_every_length_have_the_digest_of_the_runtime(bool byInstructions)
    {
        Sha256Kernel? kernel = byInstructions ? Sha256Kernel.Create() : null;
        if (byInstructions && kernel is null)
        {
            Assert.Ignore("this processor has no instructions for SHA-256, or the system lets no process run what it wrote");
        }

        // Every length up to several blocks, every position in the last block, and more than one call of the machine code.
        byte[] data = new byte[(1024 * 64 * 2) + 130];
        new Random(3).NextBytes(data);
        byte[] digest = new byte[32];
        foreach (int length in Enumerable.Range(0, 400).Concat(Enumerable.Range((1024 * 64) - 70, 140)).Append(data.Length))
        {
            Sha256.Hash(kernel, data.AsSpan(data.Length - length), digest);
            Assert.That(digest, Is.EqualTo(SHA256.HashData(data.AsSpan(data.Length - length))), $"{length} bytes");
        }
    }

    [Test]
    public void Messages_in_pieces_of_every_length_have_the_digest_of_the_whole()
    {
        byte[] data = new byte[400];
        new Random(4).NextBytes(data);
        Sha256Hasher hasher = new();
        byte[] digest = new byte[32];
        for (int first = 0; first <= 140; first++)
        {
            for (int second = 0; second <= 140; second += 3)
            {
                hasher.Update(data.AsSpan(0, first));
                hasher.Update(data.AsSpan(first, second));
                hasher.Update(data.AsSpan(first + second, 64));
                hasher.Finish(digest);
                Assert.That(digest, Is.EqualTo(SHA256.HashData(data.AsSpan(0, first + second + 64))), $"{first}, {second} and 64 bytes");
            }
        }
    }

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Sha256.Hash([], new byte[31]), Throws.ArgumentException);
}
