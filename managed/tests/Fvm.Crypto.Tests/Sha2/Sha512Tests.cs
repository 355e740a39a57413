using System.Security.Cryptography;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class Sha512Tests
{
    [Test]
    public void Messages_of_every_length_have_the_digest_of_the_runtime()
    {
        byte[] data = new byte[700];
        new Random(5).NextBytes(data);
        byte[] digest = new byte[Sha512.Size];
        for (int length = 0; length <= data.Length; length++)
        {
            Sha512.Hash(data.AsSpan(0, length), digest);
            Assert.That(digest, Is.EqualTo(SHA512.HashData(data.AsSpan(0, length))), $"{length} bytes");
        }
    }

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Sha512.Hash([], new byte[63]), Throws.ArgumentException);
}
