using System.Text;
using Fvm.Ipld;
using Fvm.Tracing;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>Text from actors and files cannot pass for the output of a command.</summary>
public sealed class HostileTextTests
{
    // Clears the screen, draws a false receipt, and switches to right-to-left text.
    private const string Hostile = "\u001b[2J\r\nReceipt\n  exit code       0 (OK)\u202e\u009b31m";

    [Test]
    public void A_receipt_shows_the_actors_texts_escaped_on_their_lines()
    {
        CborWriter returned = new();
        returned.WriteText(Hostile);
        byte[] text = Encoding.UTF8.GetBytes(Hostile);
        Backtrace backtrace = new();
        backtrace.Push(new ActorId(1000), new MethodNumber(2), new ExitCode(42), Hostile);
        backtrace.SetCause(Hostile);
        ApplyRet ret = new()
        {
            Receipt = new Receipt { ExitCode = new ExitCode(42), ReturnData = returned.ToArray(), GasUsed = 1 },
            ReturnCodec = Multicodec.DagCbor,
            Failure = $"message failed with backtrace:\n{backtrace}",
            Events = [new StampedEvent(new ActorId(1000), new ActorEvent([new EventEntry(0, text, Multicodec.Raw, text)]))],
            Trace = [new LogEvent(Hostile)],
        };
        using StringWriter output = new() { NewLine = "\n" };

        ReceiptText.Write(output, ret, ActorNames.None);

        string[] lines = output.ToString().Split('\n');
        Assert.That(lines.Count(static line => line == "Receipt"), Is.EqualTo(1));
        Assert.That(lines.Count(static line => line.TrimStart().StartsWith("exit code", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(output.ToString(), Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]"));
        Assert.That(lines, Has.Some.EqualTo("  " + PrintableText.Of(Hostile)), "the log is there, escaped");
    }

    [Test]
    public void Names_of_imports_and_exports_are_shown_escaped()
    {
        using StringWriter output = new() { NewLine = "\n" };

        ModuleInspection.Write(ModuleWithNames(Hostile), NetworkRules.For(28), functions: true, output);

        Assert.That(output.ToString(), Does.Contain($"function {PrintableText.Of(Hostile)}.{PrintableText.Of(Hostile)} "));
        Assert.That(output.ToString(), Does.Contain($"function {PrintableText.Of(Hostile)} = 0"));
        Assert.That(output.ToString(), Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]"));
    }

    [TestCase("inspect", Hostile)]
    [TestCase("run", Hostile)]
    [TestCase("bench", Hostile)]
    [TestCase(Hostile)]
    [TestCase("run", "--jobs", Hostile, "x")]
    [TestCase("run", "--engine", Hostile, "x")]
    [TestCase("run", "--bundles", Hostile, "x")]
    [TestCase("exec", "--car", Hostile, "--from", "f00", "--to", "f00")]
    [TestCase("exec", "--car", "x", "--from", Hostile, "--to", "f00")]
    [TestCase("exec", "--nonce", Hostile)]
    [TestCase("genesis", Hostile, "--out", "x")]
    [TestCase("record", Hostile, "--car", "x", "--out", "x")]
    [TestCase("networks", Hostile)]
    [TestCase("networks", "1", Hostile)]
    [TestCase("cache", Hostile)]
    [TestCase("[" + Hostile + "]")]
    [TestCase("@" + Hostile)]
    public void Arguments_are_shown_escaped(params string[] arguments)
    {
        CommandResult result = CommandResult.Of(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output + result.Errors, Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]"));
        Assert.That(result.ErrorLines, Has.None.EqualTo("Receipt"));
    }

    private static byte[] ModuleWithNames(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] vector = [(byte)text.Length, .. text];
        byte[] import = [1, .. vector, .. vector, 0, 0];
        byte[] export = [1, .. vector, 0, 0];

        // Header, a type, the import, a function, the export, and an empty function body.
        return
        [
            0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, (byte)import.Length, .. import, 3, 2, 1, 0,
            7, (byte)export.Length, .. export, 10, 4, 1, 2, 0, 0x0b,
        ];
    }
}
