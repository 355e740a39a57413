using System.Numerics;

namespace Fvm.Node.Tests;

public sealed class RlpTests
{
    [Test]
    public void Items_of_each_length_are_read_back()
    {
        int[] lengths = [0, 1, 2, 54, 55, 56, 57, 255, 256, 257, 65_535, 65_536, 70_000];
        RlpWriter writer = new();
        foreach (int length in lengths)
        {
            writer.Write(Bytes(length));
        }

        RlpReader list = new RlpReader(writer.ToList()).ReadList("list");
        Assert.That(list.Count(), Is.EqualTo(lengths.Length));
        foreach (int length in lengths)
        {
            Assert.That(list.ReadBytes("item").SequenceEqual(Bytes(length)), Is.True, $"{length} bytes");
        }

        Assert.That(list.IsAtEnd, Is.True);
    }

    [TestCase(0UL, "80")]
    [TestCase(1UL, "01")]
    [TestCase(127UL, "7f")]
    [TestCase(128UL, "8180")]
    [TestCase(1024UL, "820400")]
    [TestCase(ulong.MaxValue >> 1, "887fffffffffffffff")]
    public void Numbers_have_their_shortest_form(ulong value, string expected)
    {
        RlpWriter writer = new();
        writer.Write(value);
        byte[] list = writer.ToList();
        Assert.That(Convert.ToHexStringLower(list.AsSpan(1)), Is.EqualTo(expected));
        Assert.That(new RlpReader(list).ReadList("list").ReadUInt63("value"), Is.EqualTo(value));
        RlpWriter big = new();
        big.Write(new BigInteger(value));
        Assert.That(big.ToList(), Is.EqualTo(list));
    }

    [TestCase("", "missing")]
    [TestCase("81", "cut off")]
    [TestCase("8101", "below 0x80")]
    [TestCase("b7", "cut off")]
    [TestCase("b801", "shortest form")]
    [TestCase("b837", "shortest form")]
    [TestCase("b8", "a length is cut off")]
    [TestCase("b838", "cut off")]
    [TestCase("b90001", "shortest form")]
    [TestCase("bfffffffffffffffff", "cut off")]
    public void Malformed_bytes_are_refused(string hex, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex);
        EthereumException? error = Assert.Throws<EthereumException>(() => new RlpReader(bytes).ReadBytes("item"));
        Assert.That(error!.Message, Does.Contain(reason));
    }

    [TestCase("c2c0", "cut off")]
    [TestCase("f800", "shortest form")]
    [TestCase("ffffffffffffffffff", "cut off")]
    [TestCase("83010203", "no list")]
    public void Malformed_lists_are_refused(string hex, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex);
        EthereumException? error = Assert.Throws<EthereumException>(() => new RlpReader(bytes).ReadList("item"));
        Assert.That(error!.Message, Does.Contain(reason));
    }

    [TestCase("00", "leading zeros")]
    [TestCase("820001", "leading zeros")]
    [TestCase("888000000000000000", "2^63")]
    [TestCase("89010000000000000000", "2^63")]
    public void Other_numbers_are_refused(string hex, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex);
        EthereumException? error = Assert.Throws<EthereumException>(() => new RlpReader(bytes).ReadUInt63("item"));
        Assert.That(error!.Message, Does.Contain(reason));
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 7 + 200))];
}
