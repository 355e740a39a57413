using System.CommandLine;
using System.Text;
using Fvm.Diff;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm diff</c>: runs vectors on two machines and prints where they differ.</summary>
internal static class DiffCommand
{
    private const int DefaultMaxDifferences = 10;
    private const int MostSeconds = 86_400;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> a = new("A") { Description = $"The first side: {SideArguments.Forms}" };
        Argument<string> b = new("B") { Description = "The second side" };
        Argument<string[]> files = ReplayOptions.Files();
        Option<int> workers = ReplayOptions.PositiveNumber("--workers", "Number of batches of vectors at a time", Environment.ProcessorCount, 1024);
        Option<int> maxDifferences = ReplayOptions.PositiveNumber(
            "--max-differences", "End after so many vectors that differ", DefaultMaxDifferences);
        Option<bool> keepGoing = new("--keep-going") { Description = "Compare all vectors, however many differ" };
        Option<int> timeout = ReplayOptions.PositiveNumber("--timeout", "Seconds that a command may take per vector", 120, MostSeconds);
        Option<string?> html = new("--html") { Description = "Write a report as one HTML page", HelpName = "FILE.html" };
        Option<string?> states = new("--out")
        {
            Description = "Write both states as CAR files where state roots differ and the sides hand over their blocks",
            HelpName = "DIR",
        };
        Option<bool> json = JsonOutput.Option("one JSON object per vector");
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "diff",
            "Runs vectors on two machines and compares receipts, fees, events, state roots and traces.",
            "fvm diff compiler interpreter examples/vectors",
            "fvm diff compiler cmd:../shared/oracle/fvm-oracle ../shared/vectors/recorded/nv28/paych.ndjson.gz");
        command.Arguments.Add(a);
        command.Arguments.Add(b);
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[workers, maxDifferences, keepGoing, timeout, html, states, json, bundles, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string? folder = BundleDirectory.Find(parsed.GetValue(bundles));
            ReplaySettings settings = new() { BundleDirectory = folder, CodeCache = CacheOptions.Open(parsed, noCache, errors) };
            CommandOptions options = new() { BundleDirectory = folder, TimePerVector = TimeSpan.FromSeconds(parsed.GetValue(timeout)) };
            using ISide one = SideArguments.Make(parsed.GetValue(a)!, settings, options);
            using ISide other = SideArguments.Make(parsed.GetValue(b)!, settings, options);
            int most = parsed.GetValue(keepGoing) ? int.MaxValue : parsed.GetValue(maxDifferences);
            DiffOutputs outputs = new()
            {
                Html = parsed.GetValue(html),
                States = parsed.GetValue(states),
                Json = parsed.GetValue(json),
            };
            return Run(one, other, parsed.GetValue(files)!, parsed.GetValue(workers), most, outputs, output, errors);
        });
        return command;
    }

    private static int Run(
        ISide a, ISide b, string[] files, int workers, int most, DiffOutputs outputs, TextWriter output, TextWriter errors)
    {
        ComparisonSummary summary = new();
        HtmlReport report = new(a.Name, b.Name);
        StateFiles? states = outputs.States is string folder ? new StateFiles(folder) : null;
        using (ReplayProgress progress = ReplayProgress.Start(output, errors, () => VectorFiles.Count(files)))
        {
            new Comparison(a, b).Run(VectorFiles.Read(files), workers, comparison =>
            {
                summary.Add(comparison);
                report.Add(comparison);
                Print(comparison, a.Name, b.Name, outputs.Json, progress);
                foreach (string path in states?.Write(comparison) ?? [])
                {
                    progress.WriteErrorLine($"{comparison.Name}: the state is in {path}");
                }

                progress.Advance();
                return summary.Different < most;
            });
        }

        if (outputs.Html is string page)
        {
            AtomicFile.Write(page, stream => stream.Write(Encoding.UTF8.GetBytes(report.Page(summary))));
        }

        (outputs.Json ? errors : output).WriteLine(summary);
        return summary.Unusable > 0 ? ExitStatus.Unusable : summary.Different > 0 ? ExitStatus.Difference : ExitStatus.Done;
    }

    private static void Print(VectorComparison comparison, string a, string b, bool json, ReplayProgress progress)
    {
        if (json)
        {
            progress.WriteLine(JsonOutput.Line(fields => JsonReport.Write(fields, comparison)));
            return;
        }

        if (comparison.Reason is string reason)
        {
            string word = comparison.Status == ComparisonStatus.Skipped ? "skipped: " : string.Empty;
            progress.WriteErrorLine(comparison.Name.Length == 0 ? reason : $"{comparison.Name}: {word}{reason}");
        }

        foreach (string line in TextReport.Lines(comparison, a, b))
        {
            progress.WriteLine(line);
        }
    }

    private sealed record DiffOutputs
    {
        public string? Html { get; init; }

        public string? States { get; init; }

        public bool Json { get; init; }
    }
}
