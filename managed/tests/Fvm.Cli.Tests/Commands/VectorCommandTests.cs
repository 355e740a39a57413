using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class VectorCommandTests : CommandFixture
{
    private static readonly string[] Examples = ["caller", "chain", "counter", "events", "failing", "transfers"];

    private string Small => Files.PathOf("small.json");

    [Test]
    public void A_vector_is_shown_with_its_messages_results_and_blocks()
    {
        CommandResult result = CommandResult.Of("vector", "show", TemporaryFiles.Example("caller.json"));

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.Output, Does.Contain("version 28, epoch 5,000 (nv28)").And.Contain("→ f01001, method 2").And.Contain("expected: 0 (OK)"));
        Assert.That(result.Output, Does.Match(@"\d+ blocks, [\d,]+ bytes"));
    }

    [Test]
    public void A_shown_vector_says_in_json_how_many_messages_there_are_beyond_the_shown_ones()
    {
        CommandResult result = CommandResult.Of("vector", "show", "--json", "--max-messages", "2", TemporaryFiles.Example("caller.json"));

        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement.GetProperty("message_count").GetInt32(), Is.EqualTo(6));
        Assert.That(json.RootElement.GetProperty("messages").GetArrayLength(), Is.EqualTo(2));
        Assert.That(json.RootElement.GetProperty("messages")[0].GetProperty("expected").GetProperty("gas_used").GetUInt64(), Is.GreaterThan(0));
    }

    [TestCaseSource(nameof(Examples))]
    public void A_minimised_example_has_fewer_blocks_and_the_same_results_and_is_minimal(string name)
    {
        string example = TemporaryFiles.Example($"{name}.json");
        CommandResult minimised = CommandResult.Of("vector", "minimise", "--json", example, "--out", Small);
        string again = Files.PathOf("again.json");
        CommandResult repeated = CommandResult.Of("vector", "minimise", "--json", Small, "--out", again);

        Assert.That(minimised.ExitCode, Is.EqualTo(0), minimised.Errors);
        using JsonDocument json = JsonDocument.Parse(minimised.Output);
        Assert.That(
            json.RootElement.GetProperty("blocks").GetInt32(), Is.LessThan(json.RootElement.GetProperty("blocks_before").GetInt32()), "blocks");
        Assert.That(CommandResult.Of("run", Small).ExitCode, Is.EqualTo(0));
        Assert.That(Postconditions(Small), Is.EqualTo(Postconditions(example)));
        Assert.That(repeated.ExitCode, Is.EqualTo(0), repeated.Errors);
        Assert.That(File.ReadAllBytes(again), Is.EqualTo(File.ReadAllBytes(Small)), "minimised once more");
    }

    [TestCaseSource(nameof(Examples))]
    public void The_reference_gets_the_same_results_from_a_minimised_example(string name)
    {
        string oracle = Path.Combine(Repository.SharedFolder, "oracle", "fvm-oracle");
        if (!File.Exists(oracle))
        {
            Assert.Ignore("there is no reference beside the repository, nor where FVM_SHARED says");
            return;
        }

        string example = TemporaryFiles.Example($"{name}.json");
        CommandResult minimised = CommandResult.Of("vector", "minimise", example, "--out", Small);

        Assert.That(minimised.ExitCode, Is.EqualTo(0), minimised.Errors);
        Assert.That(Printed(oracle, Small), Is.EqualTo(Printed(oracle, example)).And.Contains("gas_used"));
    }

    [Test]
    public void A_command_decides_which_messages_are_needed()
    {
        // The fourth message of the example transfers value; another one is not needed for that.
        string script = Files.Write("holds.sh", "#!/bin/sh\ngrep -q igBDAOkHVQEDDvvbtEAy/AUKYClIos1jN3COLQ.JAAN4Lazp2QAA \"$1\"\n"u8.ToArray());

        CommandResult result = CommandResult.Of(
            "vector", "minimise", "--json", TemporaryFiles.Example("caller.json"), "--max-attempts", "40", "--out", Small, "--", "/bin/sh", script);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement.GetProperty("messages").GetInt32(), Is.EqualTo(1));
        Assert.That(CommandResult.Of("run", Small).ExitCode, Is.EqualTo(0), "its results are those of this machine");
    }

    [Test]
    public void A_vector_without_the_property_is_refused()
    {
        string vector = TemporaryFiles.Example("counter.json");
        CommandResult command = CommandResult.Of("vector", "minimise", vector, "--out", Small, "--", "/bin/false");
        CommandResult sides = CommandResult.Of("vector", "minimise", vector, "--against", "interpreter", "--out", Small);
        string changed = Files.Change(vector, "\"gas_used\": ", "\"gas_used\": 1");
        CommandResult recorded = CommandResult.Of("vector", "minimise", changed, "--out", Small);

        Assert.That((command.ExitCode, sides.ExitCode, recorded.ExitCode), Is.EqualTo((2, 2, 2)));
        Assert.That(command.Errors, Does.Contain("the command does not exit with 0"));
        Assert.That(sides.Errors, Does.Contain("do not differ"));
        Assert.That(recorded.Errors, Does.Contain("its recorded results are not obtained"));
        Assert.That(File.Exists(Small), Is.False);
    }

    [Test]
    public void Every_message_of_an_example_gives_its_recorded_result_alone()
    {
        for (int message = 0; message < 6; message++)
        {
            CommandResult result = CommandResult.Of(
                "vector", "extract", TemporaryFiles.Example("caller.json"), "--message", $"{message}", "--out", Small);

            Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
            Assert.That(CommandResult.Of("run", Small).OutputLines[^1], Does.StartWith("1 passed"), $"message {message}");
        }
    }

    [TestCase("vector extract FILE --out OUT --epoch 5", "--epoch needs --snapshot FILE")]
    [TestCase("vector extract FILE --out OUT --network mainnet", "--network needs --snapshot FILE")]
    [TestCase("vector extract --snapshot FILE --out OUT --message x --car FILE", "--car needs FILE, not --snapshot")]
    [TestCase("vector extract --snapshot FILE --out OUT --message x --variant y", "--variant needs FILE, not --snapshot")]
    [TestCase("diff compiler compiler FILE --to 5", "--to needs --snapshot FILE")]
    [TestCase("diff compiler grpc:/nowhere/socket FILE", "grpc:/nowhere/socket: no sidecar answers: ")]
    public void Options_of_another_form_and_sides_that_do_not_answer_are_refused(string line, string reason)
    {
        string[] arguments = [.. line.Split(' ').Select(word => word switch
        {
            "FILE" => TemporaryFiles.Example("caller.json"),
            "OUT" => Small,
            _ => word,
        })];
        CommandResult result = CommandResult.Of(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors.TrimEnd(), Does.StartWith($"fvm: {reason}").And.Not.Contains("\n"));
    }

    [Test]
    public void A_message_on_a_state_becomes_a_vector_with_the_blocks_that_it_reads()
    {
        string spec = Files.Write(
            "spec.json", """{"id":"one","nv":21,"epoch":5,"messages":[{"from":"f0100","to":"f01000","method":2}]}"""u8.ToArray());
        CommandResult result = CommandResult.Of("vector", "extract", spec, "--car", Files.Genesis(), "--out", Small);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(CommandResult.Of("run", Small).ExitCode, Is.EqualTo(0));
    }

    [Test]
    public void A_migrated_vector_says_what_has_changed_and_passes_at_its_version()
    {
        CommandResult result = CommandResult.Of(
            "vector", "migrate", TemporaryFiles.Example("counter.json"), "--nv", "21", "--side", "interpreter", "--out", Small);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.Output, Does.Contain("network version 28 → 21").And.Contain("receipts changed"));
        Assert.That(CommandResult.Of("run", Small).ExitCode, Is.EqualTo(0));
        Assert.That(File.ReadAllText(Small), Does.Contain("\"recorded_with\": \"fvm interpreter\""));
    }

    [Test]
    public void Unusable_arguments_get_one_line()
    {
        string vector = TemporaryFiles.Example("counter.json");
        foreach (string[] arguments in (string[][])
        [
            ["show", "nowhere.json"],
            ["migrate", vector, "--nv", "99", "--out", Small],
            ["migrate", vector, "--nv", "16", "--out", Small],
            ["extract", vector, "--message", "99", "--out", Small],
            ["extract", vector, "--variant", "x", "--out", Small],
            ["minimise", vector, "--against", "nobody", "--out", Small],
            ["minimise", vector, "--out", Small, "--", "/nowhere/command"],
        ])
        {
            CommandResult result = CommandResult.Of(["vector", .. arguments]);
            Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((2, 1)), $"{string.Join(' ', arguments)}: {result.Errors}");
        }
    }

    private static string Postconditions(string file)
    {
        using JsonDocument vector = JsonDocument.Parse(File.ReadAllBytes(file));
        return vector.RootElement.GetProperty("postconditions").GetRawText();
    }

    private static string Printed(string oracle, string file)
    {
        ProcessStartInfo start = new(oracle, ["run", "--print", "--trace", file]) { RedirectStandardOutput = true };
        start.Environment["FVM_BUNDLES"] = Path.Combine(Repository.SharedFolder, "bundles");
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n').FirstOrDefault(static line => line.StartsWith('{')) ?? string.Empty;
    }
}
