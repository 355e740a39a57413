using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class RunCommandTests : CommandFixture
{
    [Test]
    public void A_difference_names_message_field_and_both_values()
    {
        CommandResult result = CommandResult.Of("run", Tampered());

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Match(@"counter-nv21\.json: message 0: gas_used is \d+, expected 1\n"));
    }

    [Test]
    public void What_is_printed_is_not_compared()
    {
        CommandResult result = CommandResult.Of("run", "--print", Tampered());

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.OutputLines, Has.Length.EqualTo(1));
        Assert.That(result.Output, Does.StartWith("{\"apply_rets\":["));
    }

    [Test]
    public void A_tampered_vector_that_was_found_says_what_differs_only_when_it_is_compared()
    {
        string file = Repository.Shared("finds/files/tampered.json");

        CommandResult compared = CommandResult.Of("run", file);
        CommandResult printed = CommandResult.Of("run", "--print", file);

        Assert.That((compared.ExitCode, printed.ExitCode), Is.EqualTo((1, 0)), compared.Errors + printed.Errors);
        Assert.That(compared.OutputLines[0], Does.Contain("tampered.json: ").And.Contain(", expected "));
    }

    [Test]
    public void An_empty_set_is_unusable()
    {
        CommandResult result = CommandResult.Of("run", Files.Write("set.ndjson", []));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines[0], Does.Contain("set.ndjson: contains no vector"));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Packed_newlines_that_were_found_are_unusable()
    {
        CommandResult result = CommandResult.Of("run", Repository.Shared("finds/files/newlines.ndjson.gz"));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
    }

    private string Tampered()
    {
        string text = File.ReadAllText(TemporaryFiles.Example("counter-nv21.json"));
        int at = text.IndexOf("\"gas_used\": ", StringComparison.Ordinal) + "\"gas_used\": ".Length;
        int end = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9') + at;
        return Files.Write("counter-nv21.json", System.Text.Encoding.UTF8.GetBytes($"{text.AsSpan(0, at)}1{text.AsSpan(end)}"));
    }
}
