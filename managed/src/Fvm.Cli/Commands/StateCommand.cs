using System.CommandLine;

namespace Fvm.Cli;

/// <summary><c>fvm state</c>: commands on states.</summary>
internal static class StateCommand
{
    public static Command Create(TextWriter output)
    {
        Command command = new("state", "Compares states.");
        command.Subcommands.Add(StateDiffCommand.Create(output));
        return command;
    }
}
