using System.CommandLine;
using System.Diagnostics;
using Fvm.Chain;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm chain replay</c>: executes tipsets and compares the results with their children's headers.</summary>
internal static class ChainReplayCommand
{
    /// <summary>Each thread reserves a stack for a thousand nested calls; more threads than processors do not help.</summary>
    public const int MaxWorkers = 1024;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        ChainOptions chain = new();
        Option<long> from = ChainOptions.From();
        Option<long> to = ChainOptions.To();
        Option<bool> keepGoing = new("--keep-going") { Description = "Go on after a difference" };
        Option<string> vectors = new("--out")
        {
            Description = "The folder for the vectors of differing messages [default: the current folder]",
            HelpName = "DIR",
            DefaultValueFactory = static _ => ".",
        };
        Option<int> workers = Workers();
        Option<bool> json = JsonOutput.Option("one JSON object per tipset");
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "replay",
            "Executes tipsets and compares state root, receipts root and base fee with those in the next tipset's header.",
            "fvm chain replay --snapshot snapshot.car --from 5400000 --to 5400100",
            "fvm chain replay --snapshot testnet.car --upgrades -1:24,100:25 --keep-going",
            "fvm chain replay --rpc http://127.0.0.1:1234 --from 5400000 --to 5400100");
        foreach (Option option in (Option[])[.. chain.All, from, to, keepGoing, vectors, workers, json, engine, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            using ChainWork work = ChainWork.Open(parsed, chain, errors);
            EnginePoolOptions settings = new()
            {
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                Cache = CacheOptions.Open(parsed, noCache, errors),
            };
            using EnginePool pool = new(settings);
            TipsetExecutor executor = work.ExecutorOn(pool);
            ChainReplayer replayer = new(executor);
            DifferenceReporter reporter = new(executor, settings, FolderOf(parsed.GetValue(vectors)!));
            IReadOnlyList<ReplayItem> items = work.Plan(replayer, parsed.GetValue(from), parsed.GetValue(to));
            return Run(replayer, reporter, items, parsed.GetValue(workers), parsed.GetValue(keepGoing), parsed.GetValue(json), output, errors);
        });
        return command;
    }

    /// <summary>The number of worker threads.</summary>
    public static Option<int> Workers() => ReplayOptions.PositiveNumber(
        "--workers", "Number of tipsets executed concurrently", Math.Min(Environment.ProcessorCount, MaxWorkers), MaxWorkers);

    private static string FolderOf(string path) =>
        Directory.Exists(path) ? path : throw new UsageException($"--out: there is no folder {path}");

    private static int Run(
        ChainReplayer replayer,
        DifferenceReporter reporter,
        IReadOnlyList<ReplayItem> items,
        int workers,
        bool keepGoing,
        bool json,
        TextWriter output,
        TextWriter errors)
    {
        ChainReplaySummary summary = new();
        bool stopped = false;
        long start = Stopwatch.GetTimestamp();
        using (ReplayProgress progress = ReplayProgress.Start(output, errors, () => items.Count, "tipsets"))
        {
            ParallelReplay.Run(
                items.TakeWhile(_ => !Volatile.Read(ref stopped)),
                workers,
                item => (Item: item, Report: replayer.Check(item)),
                done =>
                {
                    TipsetReport report = done.Report;
                    if (!stopped)
                    {
                        DifferenceDetail? detail = report.Status == TipsetStatus.Different ? reporter.Describe(done.Item, report) : null;
                        summary.Add(report);
                        progress.WriteAll(json ? [TipsetReportJson.Line(report, detail)] : ChainReplaySummary.LinesOf(report));
                        progress.WriteAll(json || detail is null ? [] : detail.Lines());
                        progress.Advance(summary.Progress(Stopwatch.GetElapsedTime(start)));
                        Volatile.Write(ref stopped, report.Status is TipsetStatus.Different or TipsetStatus.Incomplete && !keepGoing);
                    }
                });
        }

        (json ? errors : output).WriteLine(summary.ToString(Stopwatch.GetElapsedTime(start)));
        return summary.Different + summary.Incomplete > 0 ? ExitStatus.Difference : ExitStatus.Done;
    }
}
