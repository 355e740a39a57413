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
        files.Arity = ArgumentArity.ZeroOrMore;
        ChainOptions chain = new();
        Option<long> from = ChainOptions.From();
        Option<long> to = ChainOptions.To();
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
        Option<string?> bundles = chain.Bundles;
        bundles.Description = $"{ReplayOptions.Bundles().Description}; for a snapshot without the actors' code also a bundle";
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "diff",
            "Runs vectors on two machines and compares receipts, fees, events, state roots and traces.",
            "fvm diff compiler interpreter examples/vectors",
            "fvm diff compiler cmd:../shared/oracle/fvm-oracle ../shared/vectors/recorded/nv28/paych.ndjson.gz",
            "fvm diff compiler lib:librefvm.so --snapshot snapshot.car --from 5400000 --to 5400010");
        command.Arguments.Add(a);
        command.Arguments.Add(b);
        command.Arguments.Add(files);
        foreach (Option option in (Option[])
            [workers, maxDifferences, keepGoing, timeout, html, states, json, .. chain.OfFile, from, to, bundles, noCache])
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
            string[] named = parsed.GetValue(files) ?? [];
            if ((named.Length > 0) == (parsed.GetValue(chain.Snapshot) is not null))
            {
                throw new UsageException("name what to run: FILE…, or a chain by --snapshot FILE");
            }

            ChainOptions.Refuse(parsed, "--snapshot FILE", named.Length > 0 ? [.. chain.OfFile, from, to] : []);
            using ChainWork? work = named.Length > 0 ? null : ChainWork.Open(parsed, chain, errors);
            IEnumerable<VectorOrError> vectors = work is null
                ? VectorFiles.Read(named)
                : new ChainVectors(work, new EnginePoolOptions { Cache = settings.CodeCache }).OfRange(parsed.GetValue(from), parsed.GetValue(to));
            DifferenceExplainer explainer = new(new BundleCatalog(folder), one.Name, other.Name);
            DiffInput input = new(vectors, () => work is null ? VectorFiles.Count(named) : 0, parsed.GetValue(workers), most);
            return Run(one, other, explainer, input, outputs, output, errors);
        });
        return command;
    }

    private static int Run(
        ISide a, ISide b, DifferenceExplainer explainer, DiffInput input, DiffOutputs outputs, TextWriter output, TextWriter errors)
    {
        ComparisonSummary summary = new();
        HtmlReport report = new(a.Name, b.Name);
        StateFiles? states = outputs.States is string folder ? new StateFiles(folder) : null;
        using (ReplayProgress progress = ReplayProgress.Start(output, errors, input.Count))
        {
            new Comparison(a, b).Run(input.Vectors, input.Workers, found =>
            {
                VectorComparison comparison = explainer.Explain(found);
                summary.Add(comparison);
                report.Add(comparison);
                Print(comparison, a.Name, b.Name, outputs.Json, progress);
                foreach (string path in states?.Write(comparison) ?? [])
                {
                    progress.WriteErrorLine($"{comparison.Name}: the state is in {path}");
                }

                progress.Advance();
                return summary.Different < input.MaxDifferences;
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

    private sealed record DiffInput(IEnumerable<VectorOrError> Vectors, Func<int> Count, int Workers, int MaxDifferences);

    private sealed record DiffOutputs
    {
        public string? Html { get; init; }

        public string? States { get; init; }

        public bool Json { get; init; }
    }
}
