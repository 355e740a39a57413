using System.CommandLine;

namespace Fvm.Cli;

/// <summary><c>fvm vector</c>: shows vectors and makes others of them.</summary>
internal static class VectorCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        DocumentedCommand command = new(
            "vector",
            "Shows a vector, makes it smaller, takes a message out of it, or moves it to another network version.",
            "fvm vector show examples/vectors/counter.json");
        command.Subcommands.Add(VectorShowCommand.Create(output, errors));
        command.Subcommands.Add(VectorMinimiseCommand.Create(output, errors));
        command.Subcommands.Add(VectorExtractCommand.Create(output, errors));
        command.Subcommands.Add(VectorMigrateCommand.Create(output, errors));
        return command;
    }
}
