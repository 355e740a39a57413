using System.CommandLine;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm vector show</c>: what a vector runs, on what, and what it expects.</summary>
internal static class VectorShowCommand
{
    private const int DefaultMessages = 100;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> file = VectorArguments.File();
        Option<int> most = ReplayOptions.PositiveNumber("--max-messages", "The maximum number of messages to show", DefaultMessages);
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "show",
            "Shows a vector: its networks, its messages with actors, methods and parameters by name, its expected results, its blocks.",
            "fvm vector show examples/vectors/counter.json",
            "fvm vector show --json '../shared/vectors/recorded/nv28/paych.ndjson.gz#paych_life'");
        command.Arguments.Add(file);
        foreach (Option option in (Option[])[most, bundles, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string? folder = BundleDirectory.Find(parsed.GetValue(bundles));
            VectorView view = new(VectorArguments.Read(parsed.GetValue(file)!), folder, parsed.GetValue(most));
            if (view.Problem is string problem)
            {
                errors.WriteLine($"fvm: actors and methods have no names: {PrintableText.Of(problem)}");
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.WriteLine(output, view.WriteTo);
            }
            else
            {
                view.WriteTo(output);
            }

            return ExitStatus.Done;
        });
        return command;
    }
}
