// From arguments to a command, and from its end to an exit code.
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Fvm.Cli.Commands;
using Fvm.Wasm.Runtime;

namespace Fvm.Cli;

/// <summary>Parses arguments, runs the command that they name, and turns what goes wrong into one line and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <returns>A number of <see cref="ExitStatus"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        Command root = Create(output, errors);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction and not ExamplesHelpAction)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            {
                errors.WriteLine($"fvm: {error.Message}");
            }

            string command = parsed.CommandResult.Command == root ? "fvm" : $"fvm {parsed.CommandResult.Command.Name}";
            errors.WriteLine($"fvm: '{command} --help' shows how it is used");
            return ExitStatus.Unusable;
        }

        if (WasmEngines.Fallback is string fallback && parsed.CommandResult.Command.Options.Any(static option => option.Name == ReplayOptions.EngineName))
        {
            errors.WriteLine($"fvm: {fallback}");
        }

        try
        {
            InvocationConfiguration configuration = new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false };
            return parsed.Invoke(configuration);
        }
        catch (Exception exception) when (InputErrors.Describe(exception) is not null)
        {
            errors.WriteLine($"fvm: {InputErrors.Describe(exception)}");
            return ExitStatus.Unusable;
        }
    }

    private static Command Create(TextWriter output, TextWriter errors)
    {
        // Not a RootCommand: that takes its name from the program's file, which differs between a build and a published command.
        Command root = new("fvm", "Runs, times and looks into Filecoin messages on a Filecoin virtual machine.");
        HelpOption help = new() { Recursive = true };
        help.Action = new ExamplesHelpAction((SynchronousCommandLineAction)help.Action!);
        root.Options.Add(help);
        root.Options.Add(new VersionOption());
        root.Subcommands.Add(RunCommand.Create(output, errors));
        root.Subcommands.Add(BenchCommand.Create(output, errors));
        root.Subcommands.Add(InspectCommand.Create(output));
        root.Subcommands.Add(NetworksCommand.Create(output));
        root.Subcommands.Add(GenesisCommand.Create(output));
        root.Subcommands.Add(ExecCommand.Create(output, errors));
        root.Subcommands.Add(RecordCommand.Create(output, errors));
        root.Subcommands.Add(CacheCommand.Create(output, errors));
        return root;
    }
}
