using System.Security.Cryptography;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class ExpandMessageTests
{
    /// <summary>The definition of RFC 9380, section 5.3.1, step by step.</summary>
    [Test]
    public void Every_length_gives_the_bytes_of_the_definition([Values(1, 43, 61, 255)] int tagLength)
    {
        byte[] data = [.. Enumerable.Range(0, 300).Select(static i => (byte)((i * 11) ^ 0x5a))];
        byte[] tag = data[^tagLength..];
        byte[] suffix = [.. tag, (byte)tag.Length];
        for (int length = 0; length <= data.Length; length++)
        {
            byte[] actual = new byte[128];
            ExpandMessage.Xmd(data.AsSpan(0, length), tag, actual);

            byte[] b0 = SHA256.HashData([.. new byte[64], .. data[..length], 0, 128, 0, .. suffix]);
            byte[] previous = new byte[32];
            List<byte> expected = [];
            for (byte i = 1; i <= 4; i++)
            {
                previous = SHA256.HashData([.. b0.Zip(previous, static (a, b) => (byte)(a ^ b)), i, .. suffix]);
                expected.AddRange(previous);
            }

            Assert.That(actual, Is.EqualTo(expected), $"{length} bytes");
        }
    }
}
