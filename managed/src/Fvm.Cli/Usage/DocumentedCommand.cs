using System.CommandLine;

namespace Fvm.Cli;

internal sealed class DocumentedCommand(string name, string description, params string[] examples)
    : Command(name, description), IHasExamples
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
