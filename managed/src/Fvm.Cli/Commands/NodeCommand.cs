using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fvm.Cli;

/// <summary>
/// <c>fvm node</c>: starts <c>fvm-node</c>, a file of its own, since its web server is larger than this whole command. All arguments are its.
/// </summary>
internal static class NodeCommand
{
    /// <summary>The name.</summary>
    public const string Name = "node";

    private const string Program = "fvm-node";

    /// <summary>The file that is started.</summary>
    public static string ProgramPath => Path.Combine(Path.GetDirectoryName(Environment.ProcessPath) ?? ".", Program);

    /// <summary>The command, for the list of commands, and for those who lack the file.</summary>
    public static Command Create()
    {
        DocumentedCommand command = new(
            Name, "Runs a local Filecoin network for contract developers (docs/node.md).", "fvm node --port 8545")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(static int (ParseResult _) => throw new UsageException(
            $"there is no {ProgramPath}: 'scripts/publish node' builds it, and 'scripts/fvm node' runs it from the sources"));
        return command;
    }

    /// <summary>Runs it until its end.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(ProgramPath, arguments) { UseShellExecute = false };
        try
        {
            using Process node = Process.Start(start)!;

            // A terminal interrupts both; the node ends by itself then. Whoever ends this process only means the node.
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
            using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                node.Kill();
            });
            node.WaitForExit();
            return node.ExitCode;
        }
        catch (Win32Exception exception)
        {
            throw new UsageException($"{ProgramPath} cannot be started: {exception.Message}");
        }
    }
}
