using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class ExecCommandTests : CommandFixture
{
    private string _state = null!;

    [SetUp]
    public void MakeState() => _state = Files.Genesis();

    [Test]
    public void A_message_gives_receipt_and_calls()
    {
        CommandResult result = Exec("--from", "f0100", "--to", "f01001", "--method", "2");

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.OutputLines, Does.Contain("  exit code       0 (OK)"));
        Assert.That(result.Output, Does.Contain("└─ f0100 → f01001, method 2: 0 (OK), 1 (gas "));
        Assert.That(result.Output, Does.Contain("   └─ f01001 → f01000, method 2: 0 (OK), 1 (gas "));
    }

    [Test]
    public void The_new_state_goes_on_where_the_message_left_it()
    {
        string next = Files.PathOf("next.car");
        CommandResult.Of("exec", "--car", _state, "--from", "f0100", "--to", "f01000", "--method", "2", "--out", next);
        string last = Files.PathOf("last.car");

        CommandResult second = CommandResult.Of("exec", "--car", next, "--from", "f0100", "--to", "f01000", "--method", "2", "--out", last);

        Assert.That(second.OutputLines, Does.Contain("  return          2"));
        CommandResult inspected = CommandResult.Of("inspect", "--actor", "f0100", last);
        Assert.That(inspected.Output, Does.Contain("nonce      2"));
    }

    [Test]
    public void A_transfer_moves_its_value()
    {
        string next = Files.PathOf("next.car");

        CommandResult result = Exec("--from", "f0100", "--to", "f0101", "--value", "1.25", "--out", next);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(CommandResult.Of("inspect", "--actor", "f0101", next).Output, Does.Contain("balance    6.25 FIL"));
    }

    [Test]
    public void A_message_that_fails_exits_with_1_and_shows_why()
    {
        CommandResult result = Exec("--from", "f0100", "--to", "f01003", "--method", "6");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.OutputLines, Does.Contain("  exit code       4 (SYS_ILLEGAL_INSTRUCTION)"));
    }

    [Test]
    public void Events_are_shown()
    {
        CommandResult result = Exec("--from", "f0100", "--to", "f01002", "--method", "2");

        Assert.That(result.Output, Does.Contain("kind = ").And.Contain("\"greeting\"").And.Contain("\"world\""));
    }

    [Test]
    public void Logs_are_shown_when_debugging_is_on() =>
        Assert.That(Exec("--from", "f0100", "--to", "f01002", "--method", "2", "--debug").OutputLines, Does.Contain("  emitting"));

    [TestCase("--from", "nobody", "--to", "f01000")]
    [TestCase("--from", "f0100", "--to", "f1xyz")]
    [TestCase("--from", "f0100", "--to", "f01000", "--params", "0g")]
    [TestCase("--from", "f0100", "--to", "f01000", "--value", "1,5")]
    [TestCase("--from", "f0100", "--to", "f01000", "--nv", "99")]
    [TestCase("--from", "f0100", "--to", "f01000", "--gas-limit", "0")]
    public void What_cannot_be_used_is_named_in_one_line(params string[] arguments)
    {
        CommandResult result = Exec(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith("fvm: "));
    }

    private CommandResult Exec(params string[] arguments) => CommandResult.Of(["exec", "--car", _state, .. arguments]);
}
