using System.CommandLine;
using System.CommandLine.Help;

namespace Fvm.Node;

/// <summary>The command: reads arguments, and serves a chain of its own until SIGTERM or SIGINT.</summary>
internal static class NodeCommand
{
    private const int Unusable = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>0 after a regular end, 2 with one line of text if the node cannot start.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        Command command = new("fvm-node", "Runs a local Filecoin network for contract developers (docs/node.md).");
        command.Options.Add(new HelpOption());
        command.Options.Add(new VersionOption());
        ParseResult parsed = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not null && (parsed.Errors.Count == 0 || parsed.Action is HelpAction))
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        }

        string problem = parsed.Errors.Count > 0
            ? string.Join("; ", parsed.Errors.Select(static error => error.Message.TrimEnd('.')).Distinct())
            : "no network can be started by this version";
        errors.WriteLine($"fvm-node: {PrintableText.Of(problem)}");
        return Unusable;
    }
}
