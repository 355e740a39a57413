using System.Security.Cryptography;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>The bits of a key's hash against the runtime's SHA-256.</summary>
public sealed class HamtHashTests
{
    [TestCase(0)]
    [TestCase(55)]
    [TestCase(56)]
    [TestCase(200)]
    public void The_bits_of_a_key_are_those_of_its_digest(int length)
    {
        byte[] key = new byte[length];
        new Random(length).NextBytes(key);
        HamtHash hash = new(key);
        string bits = string.Concat(SHA256.HashData(key).Select(static value => Convert.ToString(value, 2).PadLeft(8, '0')));
        for (int width = 1; width <= 8; width++)
        {
            for (int depth = 0; depth * width < 256; depth++)
            {
                int from = depth * width;
                int expected = Convert.ToInt32(bits[from..Math.Min(from + width, 256)], 2);
                Assert.That(hash.IndexAt(depth, width), Is.EqualTo(expected), $"{width} {depth}");
            }

            Assert.That(() => new HamtHash(key).IndexAt((256 + width - 1) / width, width), Throws.TypeOf<HamtException>());
        }
    }
}
