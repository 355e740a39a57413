using System.CommandLine;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm run</c>: replays vectors and prints the differences.</summary>
internal static class RunCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string[]> files = ReplayOptions.Files();
        Option<int> jobs = ReplayOptions.Jobs("Number of vectors run concurrently");
        Option<bool> trace = new("--trace") { Description = "Keep traces: name the first line that differs, print them with --print" };
        Option<bool> print = new("--print") { Description = "Print each vector's results as one JSON line, without comparison" };
        Option<bool> json = new("--json") { Description = "Print each vector's comparison as one JSON line" };
        Option<bool> rejectProofs = new("--reject-proofs")
        {
            Description = "Let all proofs fail: for vectors in which one did, such as a successful dispute",
        };
        Option<string?> form = TraceForm.FormOption("each message's calls as one JSON line, without comparison");
        Option<string?> config = TraceForm.ConfigOption();
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "run",
            "Replays vectors and compares receipts, gas, events, traces and state roots with the recorded ones.",
            "fvm run examples/vectors/counter.json",
            "fvm run --jobs 2 ../shared/vectors/recorded/nv28",
            "fvm run --trace '../shared/vectors/recorded/nv28/paych.ndjson.gz#paych_life'    first trace line that differs",
            "fvm run --trace-form callTracer '../shared/vectors/recorded/nv28/evm.ndjson.gz#evm_erc20'",
            "fvm run --print --trace '…/paych.ndjson.gz#paych_life' > ours.json              for comparison with another machine");
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[jobs, trace, print, json, rejectProofs, form, config, bundles, engine, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            TraceForm? shown = TraceForm.Parse(parsed.GetValue(form), parsed.GetValue(config));
            ReplaySettings settings = new()
            {
                BundleDirectory = BundleDirectory.Find(parsed.GetValue(bundles)),
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                CodeCache = CacheOptions.Open(parsed, noCache, errors),
                KeepTraces = parsed.GetValue(trace),
                ForceTracing = parsed.GetValue(print),
                CompareNothing = parsed.GetValue(print) || shown is not null,
                Describe = shown is null ? null : shown.NamedLineOf,
                RejectProofs = parsed.GetValue(rejectProofs),
            };
            LineKind lines = shown is not null ? LineKind.Descriptions
                : parsed.GetValue(print) ? LineKind.Outcomes
                : parsed.GetValue(json) ? LineKind.Json
                : LineKind.Text;
            NewBlocks? blocks = lines == LineKind.Outcomes ? NewBlocks.FromEnvironment() : null;
            settings = settings with { KeepBlocks = blocks is not null };
            return Run(parsed.GetValue(files)!, parsed.GetValue(jobs), settings, lines, blocks, output, errors);
        });
        return command;
    }

    private static int Run(
        string[] files, int jobs, ReplaySettings settings, LineKind lines, NewBlocks? blocks, TextWriter output, TextWriter errors)
    {
        using VectorReplayer replayer = new(settings);
        ReplaySummary summary = new();
        int number = 0;
        using (ReplayProgress progress = ReplayProgress.Start(output, errors, () => VectorFiles.Count(files)))
        {
            ResultPrinter printer = new(lines, progress);
            ParallelReplay.Run(
                VectorFiles.Read(files),
                jobs,
                replayer.ReplayAll,
                results =>
                {
                    foreach (VectorResult result in results)
                    {
                        summary.Add(result);
                        if (result.Reason is null)
                        {
                            // Before the line: who reads it may read the file.
                            Keep(blocks, number++, result);
                        }

                        printer.Print(result);
                    }

                    progress.Advance();
                });
        }

        (lines == LineKind.Text ? output : errors).WriteLine(summary);
        return summary.Unreadable > 0 ? ExitStatus.Unusable : summary.Failed > 0 ? ExitStatus.Difference : ExitStatus.Done;
    }

    private static void Keep(NewBlocks? blocks, int number, VectorResult result)
    {
        if (result.Written is MemoryBlockstore written && Cid.TryParse(result.StateRoot, out Cid root))
        {
            blocks?.Write(number, root, written);
        }
    }
}
