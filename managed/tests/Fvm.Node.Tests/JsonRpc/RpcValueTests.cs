using System.Numerics;
using System.Text.Json;

namespace Fvm.Node.Tests;

public sealed class RpcValueTests
{
    [TestCase("\"0x1f\"", "31")]
    [TestCase("\"0x\"", "0")]
    [TestCase("\"0x00ff\"", "255")]
    [TestCase("\"31\"", "31")]
    [TestCase("31", "31")]
    [TestCase("\"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void A_quantity_is_hexadecimal_or_decimal(string json, string value) =>
        Assert.That(Value(json).BigNumber(), Is.EqualTo(BigInteger.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("\"\"")]
    [TestCase("\"0xg\"")]
    [TestCase("\"-1\"")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("1e3")]
    [TestCase("true")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\" 1\"")]
    [TestCase("\"0x-1\"")]
    public void Other_quantities_are_refused_with_their_place(string json)
    {
        RpcException error = Assert.Throws<RpcException>(() => Value(json).BigNumber())!;
        Assert.That(error.Code, Is.EqualTo(RpcErrorCode.InvalidParams));
        Assert.That(error.Message, Does.StartWith("parameter 0 (value)").And.Contains("expected a quantity"));
    }

    [Test]
    public void Numbers_have_their_bounds()
    {
        Assert.That(Value("\"0xffffffffffffffff\"").Number(), Is.EqualTo(ulong.MaxValue));
        Assert.That(Refusal("\"0x10000000000000000\"", static value => value.Number()), Does.Contain("64 bits"));
        Assert.That(Refusal($"\"0x1{new string('0', 64)}\"", static value => value.Amount()), Does.Contain("256 bits"));
        Assert.That(Refusal($"\"0x{new string('1', 100)}\"", static value => value.BigNumber()), Does.Contain("found \"0x1111"));
    }

    [TestCase("\"latest\"", "Latest")]
    [TestCase("\"pending\"", "Pending")]
    [TestCase("\"safe\"", "Safe")]
    [TestCase("\"finalized\"", "Finalized")]
    [TestCase("\"earliest\"", "Earliest")]
    [TestCase("\"0x10\"", "Number")]
    [TestCase("16", "Number")]
    [TestCase("{\"blockNumber\":\"0x10\"}", "Number")]
    [TestCase("{\"blockHash\":\"0x1111111111111111111111111111111111111111111111111111111111111111\",\"requireCanonical\":true}", "Hash")]
    [TestCase("\"0x1111111111111111111111111111111111111111111111111111111111111111\"", "Hash")]
    public void A_block_is_a_tag_a_number_or_a_hash(string json, string kind)
    {
        BlockReference block = Value(json).Block();
        Assert.That(block.Kind.ToString(), Is.EqualTo(kind));
        Assert.That(block.Number, Is.EqualTo(kind == "Number" ? 16UL : 0UL));
        Assert.That(block.RequiresCanonical, Is.EqualTo(json.Contains("true", StringComparison.Ordinal)));
    }

    [TestCase("\"Latest\"")]
    [TestCase("{}")]
    [TestCase("{\"blockHash\":\"0x1\"}")]
    [TestCase("true")]
    [TestCase("\"0x11111111111111111\"")]
    public void Other_blocks_are_refused(string json) =>
        Assert.That(Assert.Throws<RpcException>(() => Value(json).Block())!.Code, Is.EqualTo(RpcErrorCode.InvalidParams));

    [Test]
    public void Slots_are_words_or_quantities()
    {
        Assert.That(Value("\"0x1\"").Word().ToString(), Is.EqualTo("0x" + new string('0', 63) + "1"));
        Assert.That(Value($"\"0x{new string('a', 64)}\"").Word().ToString(), Is.EqualTo("0x" + new string('a', 64)));
    }

    [Test]
    public void Addresses_are_of_both_chains()
    {
        Assert.That(Value("\"t0100\"").EthAddress().ToString(), Is.EqualTo("0xff00000000000000000000000000000000000064"));
        Assert.That(Value("\"0xff00000000000000000000000000000000000064\"").FilecoinAddress(), Is.EqualTo(Address.NewId(100)));
        Assert.That(Refusal("\"0x12\"", static value => value.EthAddress()), Does.Contain("0x and 40").And.Contains("found \"0x12\""));
        Assert.That(Refusal("7", static value => value.FilecoinAddress()), Does.Contain("expected an address"));
    }

    [TestCase("\"0x1\"")]
    [TestCase("\"1234\"")]
    [TestCase("\"0xzz\"")]
    [TestCase("7")]
    public void Other_bytes_are_refused(string json) => Assert.That(Refusal(json, static value => value.Bytes()), Does.Contain("expected bytes"));

    [Test]
    public void Items_are_counted_before_they_are_read()
    {
        Assert.That(Value("[1,2]").Items(2)[1].Place, Is.EqualTo("parameter 0 (value), item 1"));
        Assert.That(Refusal("[1,2,3]", static value => value.Items(2)), Does.Contain("3 items are more than 2"));
    }

    private static string Refusal<T>(string json, Func<RpcValue, T> read) => Assert.Throws<RpcException>(() => _ = read(Value(json)))!.Message;

    private static RpcValue Value(string json) => new RpcParameters(JsonDocument.Parse($"[{json}]").RootElement)[0, "value"];
}
