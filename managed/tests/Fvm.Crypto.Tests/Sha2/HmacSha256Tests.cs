using System.Security.Cryptography;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class HmacSha256Tests
{
    [TestCase(0)]
    [TestCase(32)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(200)]
    public void Codes_are_the_runtimes_for_keys_of_each_length_and_one_message_after_the_other(int keyLength)
    {
        Random random = new(keyLength);
        byte[] key = new byte[keyLength];
        random.NextBytes(key);
        HmacSha256 hmac = new(key);
        byte[] code = new byte[Sha256.Size];
        for (int length = 0; length < 300; length += 37)
        {
            byte[] message = new byte[length];
            random.NextBytes(message);
            hmac.Update(message.AsSpan(0, length / 3));
            hmac.Update(message.AsSpan(length / 3));
            hmac.Finish(code);
            Assert.That(code, Is.EqualTo(HMACSHA256.HashData(key, message)), $"{length} bytes");
        }
    }
}
