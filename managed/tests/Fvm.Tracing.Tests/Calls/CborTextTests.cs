using NUnit.Framework;

namespace Fvm.Tracing.Tests;

public sealed class CborTextTests
{
    [TestCase("00", "0")]
    [TestCase("1903e8", "1000")]
    [TestCase("20", "-1")]
    [TestCase("80", "[]")]
    [TestCase("a0", "{}")]
    [TestCase("8101", "[1]")]
    [TestCase("83018202038104", "[1, [2, 3], [4]]")]
    [TestCase("828081a0", "[[], [{}]]")]
    [TestCase("a2616101616282f5f6", "{\"a\": 1, \"b\": [true, null]}")]
    [TestCase("4401020304", "0x01020304")]
    [TestCase("6568656c6c6f", "\"hello\"")]
    [TestCase("", "0x")]
    [TestCase("ff", "0xff")]
    [TestCase("8201", "0x8201")]
    [TestCase("0101", "0x0101")]
    public void A_block_is_shown_on_one_line(string hex, string text) =>
        Assert.That(CborText.Of(Convert.FromHexString(hex)), Is.EqualTo(text));

    [Test]
    public void A_block_that_nests_deeply_does_no_harm()
    {
        byte[] deep = new byte[1_000_000];
        Array.Fill(deep, (byte)0x81);
        deep[^1] = 0;

        Assert.That(CborText.Of(deep), Is.Not.Empty.And.Length.LessThan(5000));
    }

    [Test]
    public void A_long_list_is_cut()
    {
        byte[] list = new byte[3 + 60_000];
        list[0] = 0x99;
        list[1] = 60_000 >> 8;
        list[2] = 60_000 & 0xff;

        Assert.That(CborText.Of(list), Does.StartWith("[0, 0, 0, ").And.EndsWith("…").And.Length.LessThan(2100));
    }
}
