using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

public sealed class GethTraceOptionsTests
{
    [Test]
    public void Options_are_those_of_geth()
    {
        GethTraceOptions options = Parse("""{"tracer":"prestateTracer","tracerConfig":{"diffMode":true,"disableCode":true},"timeout":"5s","reexec":10}""");

        Assert.That(options, Is.EqualTo(new GethTraceOptions { Tracer = GethTracer.PrestateTracer, DiffMode = true, DisableCode = true }));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"tracer":""}""")]
    [TestCase("""{"tracer":null,"tracerConfig":null}""")]
    public void Without_a_tracer_there_is_none(string json) => Assert.That(Parse(json), Is.EqualTo(new GethTraceOptions()));

    [TestCase("[]", "expected an object")]
    [TestCase("""{"tracer":"js"}""", "the tracer js is not known: there are callTracer")]
    [TestCase("""{"tracer":"\ud800"}""", "no valid Unicode")]
    [TestCase("""{"tracer":5}""", "the tracer Number is not known")]
    [TestCase("""{"tracer":"a\u001bb"}""", "the tracer a\\u001bb is not known")]
    [TestCase("""{"tracerConfig":{"onlyTopCall":1}}""", "onlyTopCall is true or false")]
    public void Others_are_refused_with_a_reason(string json, string reason) =>
        Assert.That(() => Parse(json), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    private static GethTraceOptions Parse(string json)
    {
        using JsonDocument parsed = JsonDocument.Parse(json);
        return GethTraceOptions.Parse(parsed.RootElement);
    }
}
