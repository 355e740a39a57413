using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fvm.Chain;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm chain export</c>: writes what the replay of some tipsets needs as a snapshot of its own.</summary>
internal static class ChainExportCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        ChainOptions chain = new();
        Option<long> from = new("--from") { Description = "The first epoch", HelpName = "EPOCH", Required = true };
        Option<long> to = new("--to") { Description = "The last epoch", HelpName = "EPOCH", Required = true };
        Option<string> file = new("--out", "-o") { Description = "The snapshot to write", HelpName = "FILE.car", Required = true };
        Option<int> workers = ChainReplayCommand.Workers();
        Option<bool> json = JsonOutput.Option();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "export",
            "Executes tipsets, and writes the blocks that this took as a snapshot, which replays alone: headers, messages, and what was read of "
            + "the states. Equal tipsets give the same file, byte for byte. Exit code 1 if a tipset differs; the file is written all the same.",
            "fvm chain export --snapshot snapshot.car --from 5400000 --to 5400009 -o part.car");
        foreach (Option option in (Option[])[.. chain.All, from, to, file, workers, json, engine, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            using ChainWork work = ChainWork.Open(parsed, chain, errors);
            using EnginePool pool = new(new EnginePoolOptions
            {
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                Cache = CacheOptions.Open(parsed, noCache, errors),
            });
            IReadOnlyList<ReplayItem> items = work.Plan(
                new ChainReplayer(work.ExecutorOn(pool)), parsed.GetValue(from), parsed.GetValue(to));
            return Run(new ChainExporter(pool, work.Blocks, work.Network, work.Verifier), items, parsed.GetValue(workers), parsed.GetValue(file)!,
                parsed.GetValue(json) ? null : output, output, errors);
        });
        return command;
    }

    private static int Run(
        ChainExporter exporter,
        IReadOnlyList<ReplayItem> items,
        int workers,
        string path,
        TextWriter? text,
        TextWriter output,
        TextWriter errors)
    {
        ChainReplaySummary summary = new();
        long start = Stopwatch.GetTimestamp();
        using (ReplayProgress progress = ReplayProgress.Start(output, errors, () => items.Count, "tipsets"))
        {
            ParallelReplay.Run(items, workers, exporter.Check, report =>
            {
                summary.Add(report);
                progress.WriteAll(text is null ? [] : ChainReplaySummary.LinesOf(report));
                progress.Advance();
            });
        }

        if (summary.Executed == 0)
        {
            throw new UsageException($"none of the {items.Count} tipsets can be executed: there is nothing to export");
        }

        int blocks = 0;
        long bytes = 0;
        AtomicFile.Write(path, stream => (blocks, bytes) = exporter.Write(stream, items[^1].Child));
        if (text is null)
        {
            JsonOutput.WriteLine(output, json =>
            {
                json.WriteString("out", path);
                json.WriteNumber("from", items[0].Tipset.Epoch.Value);
                json.WriteNumber("to", items[^1].Tipset.Epoch.Value);
                json.WriteNumber("blocks", blocks);
                json.WriteNumber("bytes", bytes);
                json.WriteNumber("equal", summary.Equal);
                json.WriteNumber("different", summary.Different);
                json.WriteNumber("skipped", summary.Skipped);
            });
        }
        else
        {
            text.WriteLine(summary.ToString(Stopwatch.GetElapsedTime(start)));
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{PrintableText.Of(path)}: {blocks} blocks of {bytes} bytes; replay with --from {items[0].Tipset.Epoch}"));
        }

        return summary.Different + summary.Incomplete > 0 ? ExitStatus.Difference : ExitStatus.Done;
    }
}
