using System.CommandLine;
using System.Globalization;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm bench</c>: times vectors one after another; prints comma-separated lines, comparable between machines.</summary>
internal static class BenchCommand
{
    private const string Header = "vector,messages,gas,exec_us_min,exec_us_median,total_us_min,total_us_median,cpu_us,allocated_bytes";

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string[]> files = ReplayOptions.Files();
        Option<int> repeat = ReplayOptions.PositiveNumber("--repeat", "Number of timed runs per vector, after one untimed run", 5);
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "bench",
            "Times vectors: microseconds of applying the messages (exec) and of opening, applying and flushing (total); for the latter also the "
            + "mean processor time of all threads, and the bytes allocated on the heap. Each vector runs once before the clock runs, so actors "
            + "are compiled by then. With --compile, times making the machine code of bundles instead.",
            "fvm bench examples/vectors",
            "fvm bench --repeat 3 ../shared/vectors/recorded/nv28/sends.ndjson.gz",
            "fvm bench --compile --repeat 1 ../shared/bundles/builtin-actors-v18-mainnet.car.gz");
        Option<bool> json = JsonOutput.Option("one JSON object per line and vector or bundle");
        Option<bool> compile = new("--compile")
        {
            Description = "FILE is a bundle: time decoding, validating, metering and compiling all its actors, on all processors, without the cache",
        };
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[compile, repeat, json, bundles, engine, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(compile))
            {
                BundleBench.Run(parsed.GetValue(files)!, parsed.GetValue(repeat), parsed.GetValue(json), output);
                return ExitStatus.Done;
            }

            ReplaySettings settings = new()
            {
                BundleDirectory = BundleDirectory.Find(parsed.GetValue(bundles)),
                Engine = parsed.GetValue(engine)!,
                Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
                CodeCache = CacheOptions.Open(parsed, noCache, errors),
                OnlyTimes = true,
            };
            return Run(parsed.GetValue(files)!, parsed.GetValue(repeat), parsed.GetValue(json), settings, output, errors);
        });
        return command;
    }

    private static int Run(string[] files, int repeat, bool json, ReplaySettings settings, TextWriter output, TextWriter errors)
    {
        using VectorReplayer replayer = new(settings);
        using ReplayProgress progress = ReplayProgress.Start(output, errors, () => VectorFiles.Count(files));
        BenchTotals totals = new();
        if (!json)
        {
            progress.WriteLine(Header);
        }

        ParallelReplay.Run(
            VectorFiles.Read(files),
            jobs: 1,
            entry => Measure(replayer, entry, repeat),
            measured =>
            {
                if (measured.Error is not null)
                {
                    totals.Unreadable++;
                    progress.WriteErrorLine(measured.Error);
                }
                else
                {
                    totals.Add(measured.Timing!);
                    progress.WriteLine(json ? JsonOf(measured.Timing!) : LineOf(measured.Timing!));
                }

                progress.Advance();
            });
        progress.WriteLine(json
            ? JsonOf(totals)
            : Invariant($"TOTAL,{totals.Messages},{totals.Gas},,{totals.ExecutionMicros},,{totals.TotalMicros}")
                + Invariant($",{totals.ProcessorMicros},{totals.AllocatedBytes}"));
        return totals.Unreadable > 0 ? ExitStatus.Unusable : ExitStatus.Done;
    }

    private static (VectorTiming? Timing, string? Error) Measure(VectorReplayer replayer, VectorOrError entry, int repeat)
    {
        if (entry.Vector is null)
        {
            return (null, entry.Error);
        }

        try
        {
            return (VectorTiming.Measure(replayer, entry.Vector, repeat), null);
        }
        catch (InputException exception)
        {
            return (null, exception.Message);
        }
    }

    private static string LineOf(VectorTiming timing)
    {
        (TimeSpan Least, TimeSpan Median) execution = (timing.Execution[0], Median(timing.Execution));
        (TimeSpan Least, TimeSpan Median) total = (timing.Total[0], Median(timing.Total));
        string times = Invariant($"{Micros(execution.Least)},{Micros(execution.Median)},{Micros(total.Least)},{Micros(total.Median)}");
        string costs = Invariant($"{Micros(timing.Processor)},{timing.AllocatedBytes}");
        return Invariant($"{timing.Name},{timing.Messages},{timing.Gas},{times},{costs}");
    }

    private static string JsonOf(VectorTiming timing) => JsonOutput.Line(json =>
    {
        json.WriteString("name", timing.Name);
        json.WriteNumber("messages", timing.Messages);
        json.WriteNumber("gas", timing.Gas);
        json.WriteNumber("exec_us_min", Micros(timing.Execution[0]));
        json.WriteNumber("exec_us_median", Micros(Median(timing.Execution)));
        json.WriteNumber("total_us_min", Micros(timing.Total[0]));
        json.WriteNumber("total_us_median", Micros(Median(timing.Total)));
        json.WriteNumber("cpu_us", Micros(timing.Processor));
        json.WriteNumber("allocated_bytes", timing.AllocatedBytes);
    });

    private static string JsonOf(BenchTotals totals) => JsonOutput.Line(json =>
    {
        json.WriteStartObject("total");
        json.WriteNumber("vectors", totals.Vectors);
        json.WriteNumber("messages", totals.Messages);
        json.WriteNumber("gas", totals.Gas);
        json.WriteNumber("exec_us_median", totals.ExecutionMicros);
        json.WriteNumber("total_us_median", totals.TotalMicros);
        json.WriteNumber("cpu_us", totals.ProcessorMicros);
        json.WriteNumber("allocated_bytes", totals.AllocatedBytes);
        json.WriteEndObject();
    });

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Median(IReadOnlyList<TimeSpan> sorted) => sorted[sorted.Count / 2];

    private static long Micros(TimeSpan time) => (long)time.TotalMicroseconds;

    private sealed class BenchTotals
    {
        public int Unreadable { get; set; }

        public int Vectors { get; private set; }

        public int Messages { get; private set; }

        public ulong Gas { get; private set; }

        public long ExecutionMicros { get; private set; }

        public long TotalMicros { get; private set; }

        public long ProcessorMicros { get; private set; }

        public long AllocatedBytes { get; private set; }

        public void Add(VectorTiming timing)
        {
            Vectors++;
            Messages += timing.Messages;
            Gas += timing.Gas;
            ExecutionMicros += Micros(Median(timing.Execution));
            TotalMicros += Micros(Median(timing.Total));
            ProcessorMicros += Micros(timing.Processor);
            AllocatedBytes += timing.AllocatedBytes;
        }
    }
}
