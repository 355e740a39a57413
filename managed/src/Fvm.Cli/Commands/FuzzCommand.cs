using System.CommandLine;
using System.Globalization;
using Fvm.Diff;
using Fvm.Fuzz;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm fuzz</c>: runs random messages on two machines until they differ.</summary>
internal static class FuzzCommand
{
    private const uint DefaultNetworkVersion = 28;
    private const int MostSeconds = 86_400;
    private const int MostMinutes = 525_600;
    private const int SlowRepeat = 20;
    private const int SlowMeasurements = 3;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> a = new("A") { Description = $"The first side: {SideArguments.Forms}; inputs are guided by the traces of an engine" };
        Argument<string> b = new("B") { Description = "The second side" };
        Option<string[]> bundle = new("--bundle")
        {
            Description = "A bundle to start from, in the bundles' folder; can be repeated",
            HelpName = "FILE.car",
        };
        Option<uint[]> versions = new("--nv")
        {
            Description = $"A network version to run at; can be repeated [default: {DefaultNetworkVersion}]",
            HelpName = "N",
        };
        Option<bool> cross = new("--cross-versions")
        {
            Description = "Run states at the other network versions, too; the reference's command knows only the bundle of each version",
        };
        Option<string[]> seeds = new("--seeds")
        {
            Description = "Vectors to start from instead of genesis states; can be repeated",
            HelpName = "FILE",
        };
        Option<ulong?> seed = new("--seed") { Description = "What determines all inputs [default: the time]", HelpName = "N" };
        Option<double> minutes = new("--minutes")
        {
            Description = "Begin no round after so long",
            HelpName = "M",
            DefaultValueFactory = static _ => 1,
        };
        minutes.Validators.Add(static result =>
        {
            bool isNumber = result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out _);
            if (isNumber && !(double.Parse(result.Tokens[0].Value, CultureInfo.InvariantCulture) is >= 0 and <= MostMinutes))
            {
                result.AddError($"--minutes must be from 0 to {MostMinutes}");
            }
        });
        Option<int?> rounds = new("--rounds") { Description = "The number of rounds [default: as many as there is time for]", HelpName = "N" };
        Option<int> workers = ReplayOptions.PositiveNumber("--workers", "Number of batches at a time", Environment.ProcessorCount, 1024);
        Option<int> batch = ReplayOptions.PositiveNumber("--batch", "Inputs per process of a command or library", 4_096, 65_536);
        Option<int> maxFinds = ReplayOptions.PositiveNumber("--max-finds", "End after so many finds", 10);
        Option<string> corpus = new("--corpus")
        {
            Description = "The folder for inputs and finds",
            HelpName = "DIR",
            DefaultValueFactory = static _ => "fvm-fuzz",
        };
        Option<bool> resume = new("--resume") { Description = "Continue the run that the folder has" };
        Option<bool> slow = new("--checkslow")
        {
            Description = "Keep the messages that take an engine the most time per gas, measure them on both sides, and write them as vectors",
        };
        Option<double?> bound = new("--slow-bound")
        {
            Description = "With --checkslow: exit code 1 if a message takes more nanoseconds per gas in each of three measurements",
            HelpName = "NS",
        };
        Option<int> timeout = ReplayOptions.PositiveNumber("--timeout", "Seconds that a command may take per input", 120, MostSeconds);
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "fuzz",
            "Runs random messages on two machines, compares everything observable, and writes each find as a vector.",
            "fvm fuzz compiler interpreter --minutes 1",
            "fvm fuzz compiler cmd:../shared/oracle/fvm-oracle --nv 27 --nv 28 --minutes 30 --corpus fuzz");
        command.Arguments.Add(a);
        command.Arguments.Add(b);
        foreach (Option option in (Option[])
            [bundle, versions, cross, seeds, seed, minutes, rounds, workers, batch, maxFinds, corpus, resume, slow, bound, timeout, bundles, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string? folder = BundleDirectory.Find(parsed.GetValue(bundles));
            ReplaySettings settings = new() { BundleDirectory = folder, CodeCache = CacheOptions.Open(parsed, noCache, errors) };
            CommandOptions commands = new() { BundleDirectory = folder, TimePerVector = TimeSpan.FromSeconds(parsed.GetValue(timeout)) };
            FuzzOptions options = new()
            {
                Seed = parsed.GetValue(seed) ?? (ulong)DateTime.UtcNow.Ticks,
                Time = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                Rounds = parsed.GetValue(rounds),
                Workers = parsed.GetValue(workers),
                Batch = parsed.GetValue(batch),
                MaxFinds = parsed.GetValue(maxFinds),
                Corpus = parsed.GetValue(corpus)!,
                Resume = parsed.GetValue(resume),
                BundleDirectory = folder,
                Bundles = parsed.GetValue(bundle) ?? [],
                NetworkVersions = parsed.GetValue(versions) is { Length: > 0 } given ? given : [DefaultNetworkVersion],
                CrossesVersions = parsed.GetValue(cross),
                Seeds = parsed.GetValue(seeds) ?? [],
                ChecksSlow = parsed.GetValue(slow) || parsed.GetValue(bound) is not null,
            };
            if (options.Rounds is < 1)
            {
                throw new UsageException("--rounds must be at least 1");
            }

            if (parsed.GetValue(bound) is double most && !(most > 0))
            {
                throw new UsageException("--slow-bound must be a positive number");
            }

            FuzzSide one = SideArguments.MakeForFuzzing(parsed.GetValue(a)!, settings, commands);
            using ISide oneRunner = one.Runner;
            using ISide oneTracer = one.Tracer;
            FuzzSide other = SideArguments.MakeForFuzzing(parsed.GetValue(b)!, settings, commands);
            using ISide otherRunner = other.Runner;
            using ISide otherTracer = other.Tracer;
            return Run(one, other, options, parsed.GetValue(bound), output, errors);
        });
        return command;
    }

    private static int Run(FuzzSide a, FuzzSide b, FuzzOptions options, double? bound, TextWriter output, TextWriter errors)
    {
        output.WriteLine($"seed {options.Seed}, corpus in {options.Corpus}");
        output.Flush();
        Fuzzer fuzzer = new(a, b, options);
        using FuzzDisplay display = FuzzDisplay.Start(output, errors);
        FuzzStatistics end = fuzzer.Run(display.Show, find =>
        {
            display.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"find {find.Number} after {find.Seconds:0.0} s and {find.Messages:N0} messages: {find.Path}"));
            foreach (string line in TextReport.Lines(find.Comparison, a.Runner.Name, b.Runner.Name))
            {
                display.WriteLine(line);
            }
        });
        display.End(end);
        bool isSlow = options.ChecksSlow && ReportSlowest(fuzzer, bound, output);
        return end.Finds > 0 || isSlow ? ExitStatus.Difference : ExitStatus.Done;
    }

    // The least time counts, and a bound is held against that of more runs: other work on the machine slows single ones down.
    private static bool ReportSlowest(Fuzzer fuzzer, double? bound, TextWriter output)
    {
        IReadOnlyList<SlowFind> slowest = fuzzer.MeasureSlowest(bound is null ? SlowRepeat : SlowMeasurements * SlowRepeat);
        foreach (SlowFind slow in slowest)
        {
            string peer = slow.Ratio is double ratio
                ? string.Create(CultureInfo.InvariantCulture, $", {ratio:0.00} times the other side's")
                : string.Empty;
            string mark = slow.Own.NanosecondsPerGas > bound ? " TOO SLOW" : string.Empty;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{slow.Own.NanosecondsPerGas:0.000} ns per gas{peer} ({slow.Own.Gas:N0} gas){mark}: {slow.Path}"));
        }

        output.Flush();
        return slowest.Any(slow => slow.Own.NanosecondsPerGas > bound);
    }
}
