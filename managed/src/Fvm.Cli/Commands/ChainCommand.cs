using System.CommandLine;

namespace Fvm.Cli;

/// <summary><c>fvm chain</c>: the commands on chains.</summary>
internal static class ChainCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        DocumentedCommand command = new(
            "chain",
            "Executes the tipsets of a chain, shows and writes parts of it.",
            "fvm chain replay --snapshot snapshot.car --from 5400000");
        command.Subcommands.Add(ChainReplayCommand.Create(output, errors));
        command.Subcommands.Add(ChainExportCommand.Create(output, errors));
        command.Subcommands.Add(ChainImportCommand.Create(output));
        command.Subcommands.Add(ChainShowCommand.Create(output, errors));
        command.Subcommands.Add(ChainBenchCommand.Create(output, errors));
        command.Subcommands.Add(ChainFollowCommand.Create(output, errors));
        return command;
    }
}
