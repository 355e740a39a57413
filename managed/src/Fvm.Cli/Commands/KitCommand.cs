using System.CommandLine;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Records vectors for the conformance kit, for <c>scripts/make-conformance</c>. Not meant for people.</summary>
internal static class KitCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string[]> files = ReplayOptions.Files();
        Option<string> folder = new("--kit") { Description = "The kit's folder", HelpName = "DIR", Required = true };
        Option<string?> feature = new("--feature") { Description = "The feature of all vectors [default: by the trace of each]", HelpName = "NAME" };
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<string> engine = ReplayOptions.Engine();
        DocumentedCommand command = new(
            "record-kit",
            "Runs vectors, and writes them with their results into a conformance kit, by network version and feature.",
            "fvm record-kit --kit artifacts/conformance --feature examples examples/vectors")
        {
            Hidden = true,
        };
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[folder, feature, bundles, engine])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(feature);
            if (name is not null && (name.Length == 0 || name != Path.GetFileName(name)))
            {
                throw new UsageException($"--feature: '{name}' is no name of a file");
            }

            KitRecorder recorder = new(VectorArguments.Settings(parsed, bundles, engine));
            ExecutionThread.Run(() =>
            {
                foreach (VectorOrError entry in VectorFiles.Read(parsed.GetValue(files)!))
                {
                    recorder.Add(entry.Vector ?? throw new InputException(entry.Error ?? "a vector is unreadable"), name);
                }

                return true;
            });
            recorder.Write(new ConformanceKit(parsed.GetValue(folder)!));
            output.WriteLine($"{recorder.Recorded} vectors recorded, {recorder.Dropped} without results left out");
            return recorder.Recorded > 0 ? ExitStatus.Done : ExitStatus.Unusable;
        });
        return command;
    }
}
