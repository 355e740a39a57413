using System.CommandLine;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm conformance</c>: runs the conformance kit on a machine and reports by network version and feature.</summary>
internal static class ConformanceCommand
{
    private const int MostSeconds = 86_400;
    private static readonly TimeSpan TimePerEdge = TimeSpan.FromSeconds(20);

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Option<string> against = new("--against") { Description = $"The machine: {SideArguments.Forms}", HelpName = "SIDE", Required = true };
        Option<string?> folder = new("--kit") { Description = "The kit's folder [default: that of this program]", HelpName = "DIR" };
        Option<int> workers = ReplayOptions.PositiveNumber("--workers", "Number of batches of vectors at a time", Environment.ProcessorCount, 1024);
        Option<int> timeout = ReplayOptions.PositiveNumber("--timeout", "Seconds that a command may take per vector", 120, MostSeconds);
        Option<bool> strict = new("--strict")
        {
            Description = "For libraries: calls that filecoin-ffi's bindings never make, such as with null pointers, have to be survived, too",
        };
        Option<bool> json = JsonOutput.Option();
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<bool> noCache = CacheOptions.NoCache();
        DocumentedCommand command = new(
            "conformance",
            "Runs the conformance kit on a machine: vectors with results and, for libraries, calls at the edges of the C interface, each in a "
            + "process of its own. Exit code 1 if one fails, 2 if the machine or the kit is unusable.",
            "fvm conformance --against lib:./libfvm.so",
            "fvm conformance --against cmd:../shared/oracle/fvm-oracle --kit artifacts/conformance --json");
        foreach (Option option in (Option[])[against, folder, workers, timeout, strict, json, bundles, noCache])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            ConformanceKit kit = parsed.GetValue(folder) is string path
                ? new ConformanceKit(path)
                : new ConformanceKit(AppContext.BaseDirectory, "the folder of this program");
            string? actors = parsed.GetValue(bundles) ?? kit.Bundles ?? BundleDirectory.Find(null);
            ReplaySettings settings = new() { BundleDirectory = actors, CodeCache = CacheOptions.Open(parsed, noCache, errors) };
            CommandOptions limits = new()
            {
                BundleDirectory = actors,
                TimePerVector = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                TakesBlocks = false,
            };
            string name = parsed.GetValue(against)!;
            IReadOnlyList<string> sets = kit.Sets();
            using ISide side = SideArguments.Make(name, settings, limits);
            ConformanceReport report = new(name, parsed.GetValue(strict));
            kit.Run(side, parsed.GetValue(workers), report);
            if (side is CommandSide library && SideArguments.IsLibrary(name))
            {
                TryEdges(library, sets[0], report);
            }

            return Print(report, parsed.GetValue(json), output);
        });
        return command;
    }

    private static void TryEdges(CommandSide library, string set, ConformanceReport report)
    {
        Vector first = VectorFiles.Read([set]).First().Vector ?? throw new InputException($"{set}: its first vector is unreadable");
        foreach (LibraryEdge edge in LibraryEdges.All)
        {
            report.Add(edge, library.Try([first.Source, LibraryCommand.EdgeOption, edge.Name], TimePerEdge));
        }
    }

    private static int Print(ConformanceReport report, bool json, TextWriter output)
    {
        if (json)
        {
            JsonOutput.WriteLine(output, report.Write);
        }
        else
        {
            foreach (string line in report.Lines())
            {
                output.WriteLine(line);
            }
        }

        // A machine that refuses all vectors of the kit is none.
        return report.Compared == 0 ? ExitStatus.Unusable : report.HasFailures ? ExitStatus.Difference : ExitStatus.Done;
    }
}
