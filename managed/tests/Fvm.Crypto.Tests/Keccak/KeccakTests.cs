using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class KeccakTests
{
    [TestCase("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [TestCase("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [TestCase("testing", "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02")]
    public void Keccak256_of_known_texts(string text, string digest) =>
        Assert.That(Convert.ToHexStringLower(Keccak256.Hash(Encoding.ASCII.GetBytes(text))), Is.EqualTo(digest));

    [TestCase(
        "",
        "0eab42de4c3ceb9235fc91acffe746b29c29a8c366b7c60e4e67c466f36a4304c00fa9caf9d87976ba469bcbe06713b435f091ef2769fb160cdab33d3670680e")]
    [TestCase(
        "abc",
        "18587dc2ea106b9a1563e32b3312421ca164c7f1f07bc922a9c83d77cea3a1e5d0c69910739025372dc14ac9642629379540c17e2a65b19d77aa511a9d00bb96")]
    public void Keccak512_of_known_texts(string text, string digest) =>
        Assert.That(Convert.ToHexStringLower(Keccak512.Hash(Encoding.ASCII.GetBytes(text))), Is.EqualTo(digest));

    // From the known answers of the Keccak submission (ShortMsgKAT), lengths 8 and 16.
    [TestCase("cc", "eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a")]
    [TestCase("41fb", "a8eaceda4d47b3281a795ad9e1ea2122b407baf9aabcb9e18b5717b7873537d2")]
    public void Keccak256_of_the_official_messages(string message, string digest) =>
        Assert.That(Convert.ToHexStringLower(Keccak256.Hash(Convert.FromHexString(message))), Is.EqualTo(digest));

    [TestCase(
        "cc",
        "8630c13cbd066ea74bbe7fe468fec1dee10edc1254fb4c1b7c5fd69b646e44160b8ce01d05a0908ca790dfb080f4b513bc3b6225ece7a810371441a5ac666eb9")]
    [TestCase(
        "41fb",
        "551da6236f8b96fce9f97f1190e901324f0b45e06dbbb5cdb8355d6ed1dc34b3f0eae7dcb68622ff232fa3cece0d4616cdeb3931f93803662a28df1cd535b731")]
    public void Keccak512_of_the_official_messages(string message, string digest) =>
        Assert.That(Convert.ToHexStringLower(Keccak512.Hash(Convert.FromHexString(message))), Is.EqualTo(digest));

    [Test]
    public void Streaming_in_pieces_of_any_size_equals_the_one_shot_hash([Values(1, 5, 8, 72, 135, 136, 137)] int piece)
    {
        byte[] data = new byte[700];
        new Random(1).NextBytes(data);
        byte[] digest = new byte[64];
        for (int length = 0; length <= data.Length; length += 17)
        {
            KeccakHasher hasher = Keccak512.Start();
            for (int at = 0; at < length; at += piece)
            {
                hasher.Update(data.AsSpan(at, Math.Min(piece, length - at)));
            }

            hasher.Finish(digest);
            Assert.That(digest, Is.EqualTo(Keccak512.Hash(data.AsSpan(0, length))), $"length {length}");
        }
    }

    [Test]
    public void The_machine_code_absorbs_and_permutes_as_portable_code_does([Values(144, 136, 104, 72)] int rate)
    {
        KeccakKernel? kernel = KeccakKernel.Create();
        if (kernel is null)
        {
            Assert.Ignore("this processor does not have AVX-512, or is to do without");
        }

        Random random = new(rate);
        ulong[] expected = new ulong[KeccakPermutation.Lanes];
        random.NextBytes(MemoryMarshal.AsBytes(expected.AsSpan()));

        // The lane behind the state must stay as it is.
        const ulong Behind = 0x1234;
        ulong[] actual = [.. expected, Behind];
        foreach (int blocks in new[] { 0, 1, 2, 3, 300 })
        {
            byte[] input = new byte[blocks * rate];
            random.NextBytes(input);
            KeccakPermutation.Absorb(null, expected, input, rate);
            KeccakPermutation.Absorb(kernel, actual, input, rate);
            Assert.That(actual, Is.EqualTo(expected.Append(Behind)), $"{blocks} blocks");
            KeccakPermutation.Apply(null, expected);
            KeccakPermutation.Apply(kernel, actual);
            Assert.That(actual, Is.EqualTo(expected.Append(Behind)), $"a permutation after {blocks} blocks");
        }
    }

    [Test]
    public void A_span_too_short_for_the_digest_is_refused() =>
        Assert.That(() => Keccak256.Hash([], new byte[31]), Throws.ArgumentException);
}
