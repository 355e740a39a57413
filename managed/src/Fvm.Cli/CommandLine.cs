using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Parses arguments, runs the named command, and maps failures to one line of text and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <returns>An exit code of <see cref="ExitStatus"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        PrintableWriter printableErrors = PrintableWriter.Of(errors, ignoreFailures: true);
        try
        {
            return Run(arguments, PrintableWriter.Of(output), printableErrors);
        }
        catch (Exception exception)
        {
            Exception cause = InputErrors.Innermost(exception);
            if (InputErrors.Describe(cause) is string known)
            {
                WriteError(printableErrors, known);
            }
            else
            {
                // With details it spans several lines.
                printableErrors.WriteLine($"fvm: {UnforeseenFailure.Describe(cause)}");
            }

            return ExitStatus.Unusable;
        }
    }

    private static int Run(IReadOnlyList<string> arguments, PrintableWriter output, PrintableWriter errors)
    {
        if (arguments is [NodeCommand.Name, ..] && File.Exists(NodeCommand.ProgramPath))
        {
            return NodeCommand.Run([.. arguments.Skip(1)]);
        }

        Command root = CreateRoot(output, errors);

        // Response files are disabled: an argument beginning with @ is taken literally.
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction and not ExamplesHelpAction)
        {
            WriteError(errors, ParseErrorText.Of(parsed));
            return ExitStatus.Unusable;
        }

        if (GuardEnvironment.Problem is string guard)
        {
            WriteError(errors, guard);
            return ExitStatus.Unusable;
        }

        if (WasmEngines.Fallback is string fallback &&
            parsed.CommandResult.Command.Options.Any(static option => option.Name == ReplayOptions.EngineName))
        {
            WriteError(errors, fallback);
        }

        InvocationConfiguration configuration = new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false };
        int status = parsed.Invoke(configuration);
        output.Flush();
        return status;
    }

    // One line, whatever characters a path or argument contains.
    private static void WriteError(TextWriter errors, string text) => errors.WriteLine($"fvm: {PrintableText.Of(text)}");

    /// <summary>The tree of all commands with their options.</summary>
    internal static Command CreateRoot(TextWriter output, TextWriter errors)
    {
        // Not a RootCommand: its name is the executable's, which differs between builds and published commands.
        Command root = new("fvm", "Runs, times and inspects Filecoin messages on a Filecoin virtual machine.");
        HelpOption help = new() { Recursive = true };
        help.Action = new ExamplesHelpAction((SynchronousCommandLineAction)help.Action!);
        root.Options.Add(help);
        root.Options.Add(new VersionOption());
        root.Subcommands.Add(RunCommand.Create(output, errors));
        root.Subcommands.Add(BenchCommand.Create(output, errors));
        root.Subcommands.Add(DiffCommand.Create(output, errors));
        root.Subcommands.Add(FuzzCommand.Create(output, errors));
        root.Subcommands.Add(LibraryCommand.Create(output, errors));
        root.Subcommands.Add(ConformanceCommand.Create(output, errors));
        root.Subcommands.Add(KitCommand.Create(output));
        root.Subcommands.Add(InspectCommand.Create(output));
        root.Subcommands.Add(StateCommand.Create(output));
        root.Subcommands.Add(NetworksCommand.Create(output));
        root.Subcommands.Add(GenesisCommand.Create(output));
        root.Subcommands.Add(ExecCommand.Create(output, errors));
        root.Subcommands.Add(RecordCommand.Create(output, errors));
        root.Subcommands.Add(VectorCommand.Create(output, errors));
        root.Subcommands.Add(BundleCommand.Create(output, errors));
        root.Subcommands.Add(CacheCommand.Create(output, errors));
        root.Subcommands.Add(ChainCommand.Create(output, errors));
        root.Subcommands.Add(NodeCommand.Create());
        return root;
    }
}
