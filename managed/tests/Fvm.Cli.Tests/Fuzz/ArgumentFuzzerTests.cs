using System.CommandLine;
using NUnit.Framework;
using ParsedCommand = System.CommandLine.Parsing.CommandResult;

namespace Fvm.Cli.Tests;

/// <summary>The fuzzer's templates cover the current options of all commands.</summary>
public sealed class ArgumentFuzzerTests
{
    [Test]
    public void Every_option_of_every_command_is_in_a_template()
    {
        HashSet<string> used = [.. ArgumentFuzzer.Templates.SelectMany(NamesOf)];

        Assert.That(NamesOf(Root(), string.Empty).Except(used), Is.Empty, "add them to ArgumentFuzzer.Templates");
    }

    [Test]
    public void Every_template_can_be_parsed() =>
        Assert.That(
            ArgumentFuzzer.Templates.Where(static template => !template.Contains("--help") && Root().Parse(template).Errors.Count > 0)
                .Select(static template => string.Join(' ', template)),
            Is.Empty);

    private static Command Root() => CommandLine.CreateRoot(TextWriter.Null, TextWriter.Null);

    // The command with its options, and its subcommands with theirs.
    private static IEnumerable<string> NamesOf(Command command, string path) =>
        command.Subcommands.Where(static child => !child.Hidden).SelectMany(child => NamesOf(child, $"{path} {child.Name}"))
            .Concat(command.Options.Select(option => $"{path} {option.Name}"))
            .Append(path);

    // The command and the options of a template.
    private static IEnumerable<string> NamesOf(string[] template)
    {
        ParseResult parsed = Root().Parse(template);
        string path = string.Empty;
        for (ParsedCommand command = parsed.CommandResult; command.Parent is ParsedCommand parent; command = parent)
        {
            path = $" {command.Command.Name}{path}";
        }

        return parsed.CommandResult.Command.Options
            .Where(option => parsed.GetResult(option) is { Implicit: false })
            .Select(option => $"{path} {option.Name}")
            .Append(path);
    }
}
