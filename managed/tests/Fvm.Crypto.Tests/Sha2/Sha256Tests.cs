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

        using Sha256Hasher hasher = new();
        hasher.Update(data.AsSpan(0, data.Length / 2));
        hasher.Update(data.AsSpan(data.Length / 2));
        byte[] streamed = new byte[32];
        hasher.Finish(streamed);
        Assert.That(Convert.ToHexStringLower(streamed), Is.EqualTo(digest));
    }

    [Test]
    public void Messages_of_every_length_have_the_digest_of_the_runtime()
    {
        if (Sha256Kernel.Create() is not Sha256Kernel kernel)
        {
            Assert.Ignore("this processor has no instructions for SHA-256, or the system lets no process run what it wrote");
            return;
        }

        // Past the runtime's own: each length up to some blocks, every place of the last one, and more than one call of the code hashes.
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
    public void Messages_of_one_block_have_the_digest_of_the_runtime_without_instructions()
    {
        Random random = new(1);
        byte[] digest = new byte[32];
        for (int length = 0; length <= Sha256Block.MaxLength; length++)
        {
            for (int time = 0; time < 20; time++)
            {
                byte[] message = new byte[length];
                random.NextBytes(message);
                Sha256Block.Hash(message, digest);
                Assert.That(digest, Is.EqualTo(SHA256.HashData(message)), $"{length} bytes");
            }
        }
    }

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Sha256.Hash([], new byte[31]), Throws.ArgumentException);
}
