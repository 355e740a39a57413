using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class VectorParserTests
{
    [TestCase("class")]
    [TestCase("car")]
    [TestCase("preconditions")]
    [TestCase("preconditions.variants")]
    [TestCase("preconditions.variants[0].nv")]
    [TestCase("preconditions.variants[0].epoch")]
    [TestCase("preconditions.state_tree.root_cid./")]
    [TestCase("apply_messages")]
    [TestCase("apply_messages[1].bytes")]
    [TestCase("postconditions.receipts")]
    [TestCase("postconditions.receipts[1].exit_code")]
    [TestCase("postconditions.receipts[1].gas_used")]
    [TestCase("postconditions.apply_rets[0].miner_tip")]
    [TestCase("postconditions.state_tree.root_cid")]
    public void A_missing_field_is_named_with_its_path(string path)
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        VectorJson.At(json, path).Parent!.AsObject().Remove(path[(path.LastIndexOf('.') + 1)..]);

        InputException error = Assert.Throws<InputException>(() => VectorJson.Parse(json))!;

        Assert.That(error.Message, Is.EqualTo($"{path} is missing"));
    }

    [TestCase("preconditions.variants[0].nv", "\"28\"")]
    [TestCase("preconditions.variants[0].nv", "-1")]
    [TestCase("preconditions.variants[0].epoch", "1.5")]
    [TestCase("preconditions.basefee", "\"12x\"")]
    [TestCase("preconditions.basefee", "1e3")]
    [TestCase("preconditions.actor_debugging", "1")]
    [TestCase("apply_messages[0].bytes", "\"*\"")]
    [TestCase("apply_messages[0].kind", "\"both\"")]
    [TestCase("apply_messages[0].raw_length", "99999999999")]
    [TestCase("postconditions.receipts[0]", "7")]
    [TestCase("postconditions.receipts", "{}")]
    [TestCase("car", "\"%%%\"")]
    public void A_field_of_another_kind_is_named_with_its_path_and_value(string path, string value)
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        VectorJson.At(json, path).ReplaceWith(JsonNode.Parse(value));

        InputException error = Assert.Throws<InputException>(() => VectorJson.Parse(json))!;

        Assert.That(error.Message, Does.StartWith($"{path} is not ").And.EndsWith(value));
    }

    [Test]
    public void A_state_root_and_a_return_codec_that_are_absent_are_unknown()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["postconditions"]!.AsObject().Remove("state_tree");
        json["postconditions"]!["apply_rets"]![0]!.AsObject().Remove("return_codec");

        Vector vector = VectorJson.Parse(json);

        Assert.Multiple(() =>
        {
            Assert.That(vector.PostRoot, Is.Empty);
            Assert.That(vector.ApplyRets[0].ReturnCodecKnown, Is.False);
            Assert.That(vector.ApplyRets[1].ReturnCodecKnown, Is.True);
        });
    }

    [Test]
    public void A_class_other_than_message_is_refused()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["class"] = "tipset";

        Assert.That(() => VectorJson.Parse(json), Throws.TypeOf<InputException>().With.Message.Contains("\"tipset\""));
    }

    [Test]
    public void As_many_receipts_as_messages_are_wanted()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["postconditions"]!["receipts"]!.AsArray().RemoveAt(0);

        Assert.That(
            () => VectorJson.Parse(json),
            Throws.TypeOf<InputException>().With.Message.EqualTo("postconditions.receipts has 1 elements for 2 messages"));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"class\": \"message\", }")]
    public void Text_that_is_no_vector_is_refused_in_one_line(string text)
    {
        InputException error =
            Assert.Throws<InputException>(() => VectorParser.Parse(Encoding.UTF8.GetBytes(text), "f", inSet: false))!;

        Assert.That(error.Message, Does.Not.Contain("\n"));
    }

    [Test]
    public void A_public_vector_gets_the_defaults_of_its_class()
    {
        Vector vector = Parse("""
            {"class": "message", "car": "",
             "preconditions": {"variants": [{"id": "v", "epoch": 7, "nv": 18}], "state_tree": {"root_cid": {"/": "bafy"}},
                               "circ_supply": 449635413874404813717387686},
             "apply_messages": [{"bytes": "AAAA"}],
             "postconditions": {"state_tree": {"root_cid": {"/": "bafz"}}, "receipts": [{"exit_code": 7, "return": "", "gas_used": 9}]}}
            """);

        Assert.Multiple(() =>
        {
            Assert.That(vector.BaseFee, Is.EqualTo("100"));
            Assert.That(vector.CirculatingSupply, Is.EqualTo("449635413874404813717387686"));
            Assert.That(vector.ChainId, Is.EqualTo(314));
            Assert.That(vector.Timestamp, Is.Null);
            Assert.That(vector.Bundle, Is.Null);
            Assert.That(vector.Messages[0].Implicit, Is.False);
            Assert.That(vector.Messages[0].RawLength, Is.Null);
            Assert.That(vector.Receipts[0].HasEventsRoot, Is.False);
            Assert.That(vector.ApplyRets, Is.Empty);
            Assert.That(vector.SkipReason, Is.Null);
        });
    }

    [Test]
    public void A_vector_for_a_test_actor_is_to_be_skipped()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["selector"] = new JsonObject { ["chaos_actor"] = "true" };

        Assert.That(VectorJson.Parse(json).SkipReason, Does.Contain("chaos_actor"));
    }

    [Test]
    public void Randomness_must_have_32_bytes()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["randomness"] = JsonNode.Parse("""[{"on": ["beacon", 5], "ret": "AAAA"}]""");

        Assert.That(() => VectorJson.Parse(json), Throws.TypeOf<InputException>().With.Message.Contains("3 bytes"));
    }

    private static Vector Parse(string text) => VectorParser.Parse(Encoding.UTF8.GetBytes(text), "v.json", inSet: false);
}
