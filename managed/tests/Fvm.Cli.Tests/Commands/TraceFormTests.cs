using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>The option <c>--trace-form</c> of exec and run.</summary>
public sealed class TraceFormTests : CommandFixture
{
    [Test]
    public void A_transfer_moves_money_in_every_form()
    {
        string state = Files.Genesis();

        using JsonDocument tree = Exec(state, "tree");
        using JsonDocument parity = Exec(state, "parity");
        using JsonDocument replay = Exec(state, "replay");
        using JsonDocument calls = Exec(state, "callTracer");
        using JsonDocument changes = Exec(state, "prestateTracer", "--tracer-config", "{\"diffMode\":true}");

        const string Receiver = "0xff00000000000000000000000000000000000065";
        string later = $"0x{6_250_000_000_000_000_000UL:x}";
        Assert.Multiple(() =>
        {
            Assert.That(tree.RootElement[0].GetProperty("value").GetString(), Is.EqualTo("1250000000000000000"));
            Assert.That(parity.RootElement[0].GetProperty("action").GetProperty("value").GetString(), Is.EqualTo($"0x{1_250_000_000_000_000_000UL:x}"));
            JsonElement balance = replay.RootElement.GetProperty("stateDiff").GetProperty(Receiver).GetProperty("balance");
            Assert.That(balance.GetProperty("*").GetProperty("to").GetString(), Is.EqualTo(later));
            Assert.That(calls.RootElement.GetProperty("to").GetString(), Is.EqualTo(Receiver));
            Assert.That(changes.RootElement.GetProperty("pre").GetProperty(Receiver).GetProperty("balance").GetString(), Is.EqualTo($"0x{5_000_000_000_000_000_000UL:x}"));
            Assert.That(changes.RootElement.GetProperty("post").GetProperty(Receiver).GetProperty("balance").GetString(), Is.EqualTo(later));
        });
    }

    [TestCase("{", "--tracer-config: ")]
    [TestCase("{\"onlyTopCall\":\"x\"}", "onlyTopCall is true or false")]
    public void Malformed_options_of_a_tracer_are_refused_in_one_line(string config, string reason)
    {
        CommandResult result = CommandResult.Of(
            "exec", "--car", Files.Genesis(), "--from", "f0100", "--to", "f0101", "--trace-form", "callTracer", "--tracer-config", config);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors.Trim(), Does.Contain(reason).And.Not.Contain("\n"));
    }

    [TestCase("--tracer-config", "{}")]
    [TestCase("--trace-form", "parity", "--tracer-config", "{}")]
    public void Options_of_a_tracer_need_a_tracer(params string[] arguments)
    {
        CommandResult result = CommandResult.Of(["exec", "--car", Files.Genesis(), "--from", "f0100", "--to", "f0101", .. arguments]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("--tracer-config"));
    }

    [Test]
    public void The_name_of_a_command_is_no_form()
    {
        CommandResult result = CommandResult.Of("run", "--trace-form", "run", Files.PathOf("vector.json"));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("--trace-form: 'run' is none of tree, parity"));
    }

    private static JsonDocument Exec(string state, string form, params string[] more)
    {
        CommandResult result = CommandResult.Of(
            ["exec", "--car", state, "--from", "f0100", "--to", "f0101", "--value", "1.25", "--trace-form", form, .. more]);
        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        return JsonDocument.Parse(result.Output);
    }
}
