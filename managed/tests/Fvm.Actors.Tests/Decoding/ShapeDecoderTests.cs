using System.Text;
using System.Text.Json;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Actors.Tests;

public sealed class ShapeDecoderTests
{
    private static readonly ActorMethod Propose = BuiltinActors.Table.FindMethod("multisig", 17, new MethodNumber(2))!;
    private static readonly ActorMethod Invoke = BuiltinActors.Table.FindMethod("evm", 17, MethodHash.Of("InvokeEVM"))!;

    [Test]
    public void Parameters_have_names_and_units()
    {
        // To f099, 1 FIL, method 0, no parameters.
        DecodedValue decoded = Propose.DecodeParameters(Block("84420063490 00de0b6b3a764000000 40"))!;
        Assert.That(decoded.ToLine(), Is.EqualTo("{to: f099, value: 1.0 FIL, method: 0, params: 0x}"));
        Assert.That(JsonOf(decoded.Value), Is.EqualTo("""{"to":"f099","value":"1000000000000000000","method":0,"params":""}"""));
    }

    [Test]
    public void Parameters_of_another_form_are_plain_and_say_so()
    {
        DecodedValue decoded = Propose.DecodeParameters(Block("8301820203a1616b f6"))!;
        Assert.That(decoded.Misfit, Does.Contain("is no Address"));
        Assert.That(decoded.ToLine(), Does.StartWith("[1, [2, 3], {k: null}] (not as expected: "));
    }

    [Test]
    public void Bytes_that_are_no_Cbor_are_shown_as_bytes() =>
        Assert.That(Propose.DecodeParameters(Block("ff00"))!.ToLine(), Does.StartWith("0xff00 (not as expected: "));

    [Test]
    public void Parameters_where_there_should_be_none_are_plain() =>
        Assert.That(BuiltinActors.Table.FindMethod("paymentchannel", 17, new MethodNumber(3))!.DecodeParameters(Block("01"))!.ToLine(),
            Is.EqualTo("1 (not as expected: the method has none)"));

    [TestCase(Multicodec.Cbor, "420102")]
    [TestCase(Multicodec.Raw, "0102")]
    public void Contracts_take_bytes_raw_or_in_Cbor(ulong codec, string hex) =>
        Assert.That(Invoke.DecodeParameters(new IpldBlock(codec, Convert.FromHexString(hex)))!.ToLine(), Is.EqualTo("0x0102"));

    [Test]
    public void No_block_and_an_empty_one_are_nothing()
    {
        Assert.That(Invoke.DecodeParameters(null), Is.Null);
        Assert.That(Invoke.DecodeResult(Block(string.Empty)), Is.Null);
    }

    [TestCase(1_000_000)]
    [TestCase(200)]
    public void Depth_and_size_are_bounded(int length)
    {
        byte[] deep = [.. Enumerable.Repeat((byte)0x81, length), 0x01];
        DecodedValue decoded = Propose.DecodeParameters(new IpldBlock(Multicodec.DagCbor, deep))!;
        Assert.That(decoded.Misfit, Is.Not.Null);
        Assert.That(decoded.ToLine(), Has.Length.LessThan(3000));
        byte[] wide = [0x9a, 0x00, 0x04, 0x00, 0x00, .. new byte[0x40000]];
        Assert.That(Propose.DecodeParameters(new IpldBlock(Multicodec.DagCbor, wide))!.ToLine(), Has.Length.LessThan(3000));
    }

    [Test]
    public void Hostile_text_stays_on_its_line()
    {
        ActorMethod name = BuiltinActors.Table.FindMethod("datacap", 17, MethodHash.Of("Name"))!;
        string line = name.DecodeResult(Block("64" + Convert.ToHexString("a\n\u001bb"u8)))!.ToLine();
        Assert.That(line, Is.EqualTo("\"a\\n\\u001bb\""));
    }

    private static IpldBlock Block(string hex) =>
        new(Multicodec.DagCbor, Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));

    private static string JsonOf(NamedValue value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            value.WriteTo(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
