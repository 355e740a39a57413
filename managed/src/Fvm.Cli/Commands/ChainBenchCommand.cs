using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fvm.Chain;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm chain bench</c>: times the replay of tipsets by numbers of workers; prints comma-separated lines.</summary>
internal static class ChainBenchCommand
{
    private const string Header = "workers,tipsets,messages,gas,wall_us,us_per_tipset,mgas_per_second,speedup,cpu_us,allocated_per_tipset,"
        + "collections,gc_pause_us,reads_per_tipset,repeated_reads_percent";

    private const int MaxCounts = 16;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        ChainOptions chain = new();
        Option<long> from = ChainOptions.From();
        Option<long> to = ChainOptions.To();
        Option<string?> workers = new("--workers")
        {
            Description = "Numbers of tipsets executed concurrently, one after another [default: 1 and the number of processors]",
            HelpName = "N,…",
        };
        Option<int> repeat = ReplayOptions.PositiveNumber("--repeat", "Number of timed runs per number of workers, of which the fastest counts", 3);
        Option<bool> json = JsonOutput.Option("one JSON object per number of workers");
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "bench",
            "Times the replay of tipsets: microseconds per tipset, gas per second, speed-up over the first number of workers, processor time of all "
            + "threads, bytes allocated, collections of garbage and their pauses; and, from the untimed run before, how many blocks are read per "
            + "tipset, and which part of the reads is of blocks read before: what a cache could serve. Tipsets that cannot be executed do not count.",
            "fvm chain bench --snapshot snapshot.car --from 5400000 --to 5400099",
            "fvm chain bench --snapshot snapshot.car --workers 1,2,4 --repeat 5");
        foreach (Option option in (Option[])[.. chain.All, from, to, workers, repeat, json, engine, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            int[] counts = CountsOf(parsed.GetValue(workers));
            using ChainWork work = ChainWork.Open(parsed, chain, errors);
            using EnginePool pool = new(new EnginePoolOptions
            {
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                Cache = CacheOptions.Open(parsed, noCache, errors),
            });
            ChainReplayer replayer = new(work.ExecutorOn(pool));
            IReadOnlyList<ReplayItem> planned = work.Plan(replayer, parsed.GetValue(from), parsed.GetValue(to));
            ReplayItem[] items = [.. planned.Where(item => replayer.ReasonToSkip(item.Tipset) is null)];
            return items.Length > 0
                ? Run(pool, work, items, counts, parsed.GetValue(repeat), parsed.GetValue(json), output)
                : throw new UsageException($"none of the {planned.Count} tipsets can be executed");
        });
        return command;
    }

    private static int[] CountsOf(string? text)
    {
        if (text is null)
        {
            return Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : [1];
        }

        string[] parts = text.Split(',');
        return parts.Length <= MaxCounts
            ? [.. parts.Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                    && count is >= 1 and <= ChainReplayCommand.MaxWorkers
                    ? count
                    : throw new UsageException($"--workers: '{part}' is not a number from 1 to {ChainReplayCommand.MaxWorkers}"))]
            : throw new UsageException($"--workers: at most {MaxCounts} numbers");
    }

    private static int Run(EnginePool pool, ChainWork work, ReplayItem[] items, int[] counts, int repeat, bool json, TextWriter output)
    {
        // By this run all code is compiled.
        CountingBlockstore counting = new(work.Blocks);
        ChainReplayer counted = new(work.ExecutorOn(pool, new ChainReader(counting)));
        TipsetReport[] reports = new TipsetReport[items.Length];
        ParallelReplay.Run(Enumerable.Range(0, items.Length), 1, number => (number, Report: counted.Check(items[number])), done =>
            reports[done.number] = done.Report);
        if (!json)
        {
            output.WriteLine(Header);
        }

        ChainReplayer replayer = new(work.ExecutorOn(pool));
        TimeSpan? first = null;
        foreach (int count in counts)
        {
            Measured best = Enumerable.Range(0, repeat).Select(_ => Measure(replayer, items, count)).MinBy(static measured => measured.Wall)!;
            first ??= best.Wall;
            Write(json, output, best, count, reports, counting, first.Value / best.Wall);
        }

        return reports.Any(static report => report.Status == TipsetStatus.Different) ? ExitStatus.Difference : ExitStatus.Done;
    }

    private static Measured Measure(ChainReplayer replayer, ReplayItem[] items, int workers)
    {
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        TimeSpan processor = process.TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        int collections = GC.CollectionCount(0);
        TimeSpan pause = GC.GetTotalPauseDuration();
        long start = Stopwatch.GetTimestamp();
        ParallelReplay.Run(items, workers, replayer.Check, static _ => { });
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new Measured(
            wall,
            process.TotalProcessorTime - processor,
            GC.GetTotalAllocatedBytes(precise: true) - allocated,
            GC.CollectionCount(0) - collections,
            GC.GetTotalPauseDuration() - pause);
    }

    private static void Write(
        bool json, TextWriter output, Measured measured, int workers, TipsetReport[] reports, CountingBlockstore counting, double speedup)
    {
        int tipsets = reports.Length;
        int messages = reports.Sum(static report => report.Messages);
        double gas = reports.Sum(static report => (double)report.GasUsed);
        long wall = (long)measured.Wall.TotalMicroseconds;
        double perTipset = measured.Wall.TotalMicroseconds / tipsets;
        double megagas = gas / Math.Max(1, measured.Wall.TotalMicroseconds);
        long cpu = (long)measured.Processor.TotalMicroseconds;
        long bytes = measured.AllocatedBytes / tipsets;
        long pause = (long)measured.Pause.TotalMicroseconds;
        double reads = (double)counting.Reads / tipsets;
        double repeated = 100.0 * (counting.Reads - counting.Distinct) / Math.Max(1, counting.Reads);
        if (!json)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{workers},{tipsets},{messages},{gas:0},{wall},{perTipset:0},{megagas:0},{speedup:0.00},{cpu},{bytes},{measured.Collections},{pause}"
                + $",{reads:0.0},{repeated:0.0}"));
            return;
        }

        JsonOutput.WriteLine(output, fields =>
        {
            fields.WriteNumber("workers", workers);
            fields.WriteNumber("tipsets", tipsets);
            fields.WriteNumber("messages", messages);
            fields.WriteNumber("gas", gas);
            fields.WriteNumber("wall_us", wall);
            fields.WriteNumber("us_per_tipset", Math.Round(perTipset));
            fields.WriteNumber("mgas_per_second", Math.Round(megagas));
            fields.WriteNumber("speedup", Math.Round(speedup, 2));
            fields.WriteNumber("cpu_us", cpu);
            fields.WriteNumber("allocated_per_tipset", bytes);
            fields.WriteNumber("collections", measured.Collections);
            fields.WriteNumber("gc_pause_us", pause);
            fields.WriteNumber("reads_per_tipset", Math.Round(reads, 1));
            fields.WriteNumber("repeated_reads_percent", Math.Round(repeated, 1));
        });
    }

    private sealed record Measured(TimeSpan Wall, TimeSpan Processor, long AllocatedBytes, int Collections, TimeSpan Pause);
}
