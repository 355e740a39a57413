using System.Globalization;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Slowest;

/// <summary>Runs the loops on both machines alternately, and prints the time per gas of each, worst ratio first.</summary>
internal static class Contest
{
    // Loops near the bound are timed again, those over it most often: noise on a busy machine must not decide.
    private const double NearBound = 0.9;
    private const int LooksNearBound = 2;
    private const int LooksOverBound = 6;

    // Short enough that most runs are not interrupted.
    private const int ShorterSteady = 10;

    // The duration of all repetitions of a turn, in multiples of the duration of the loop.
    private const int TimeOfLoops = 5;

    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        try
        {
            return Run(ContestOptions.Parse(arguments), output, errors);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or IOException)
        {
            errors.WriteLine($"slowest: {exception.Message}");
            return 2;
        }
    }

    private static int Run(ContestOptions options, TextWriter output, TextWriter errors)
    {
        Loop[] loops = [.. Loops.All.Where(options.Wants)];
        if (loops.Length == 0)
        {
            errors.WriteLine($"slowest: no loop's name has {string.Join(" or ", options.Filters)} in it");
            return 2;
        }

        Directory.CreateDirectory(options.Folder);
        Machine ours = new(options.Ours, TimeOfLoops * options.Time, "--no-cache");
        Machine peer = new(options.Peer, TimeOfLoops * options.Time);
        List<Row> rows = new(loops.Length);
        using LoopVector vectors = new();
        foreach (Loop loop in loops)
        {
            Row row = new(loop.Name, new Timing(), new Timing());
            string file = Write(vectors, loop, rows.Count, options);
            for (int turn = 0; turn < options.Turns + FurtherLooks(row, options); turn++)
            {
                ours.Time(file, loop.IsSteady, row.Ours);
                peer.Time(file, loop.IsSteady, row.Peer);
            }

            if (!options.Keeps)
            {
                File.Delete(file);
            }

            rows.Add(row);
            errors.WriteLine($"{rows.Count}/{loops.Length} {row.Ratio.ToString("f2", CultureInfo.InvariantCulture)} {row.Name}");
        }

        rows.Sort(static (left, right) => right.Ratio.CompareTo(left.Ratio));
        return Print(rows, options, output);
    }

    private static int FurtherLooks(Row row, ContestOptions options) => row.Ratio switch
    {
        double ratio when ratio > options.Bound => LooksOverBound,
        double ratio when ratio > options.Bound * NearBound => LooksNearBound,
        _ => 0,
    };

    private static string Write(LoopVector vectors, Loop loop, int number, ContestOptions options)
    {
        string file = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"loop{number}.json"));
        Vector vector = vectors.Create(loop, loop.IsSteady ? options.Time / ShorterSteady : options.Time, out VectorResult result);
        AtomicFile.Write(file, stream => VectorWriter.Write(stream, vector, result), durable: false);
        return file;
    }

    private static int Print(List<Row> rows, ContestOptions options, TextWriter output)
    {
        output.WriteLine($"{"ns/gas: ours",12} {"reference",10} {"ratio",6}  {"Mgas",6}  loop");
        foreach (Row row in rows)
        {
            Write(output, $"{row.Ours.NanosecondsPerGas,12:f4} {row.Peer.NanosecondsPerGas,10:f4} {row.Ratio,6:f2}  {row.Ours.Gas / 1e6,6:f0}  {row.Name}");
        }

        foreach (Row row in rows.Where(static row => !row.Agrees))
        {
            Write(output, $"different gas: {row.Ours.Gas}, {row.Peer.Gas} on the reference: {row.Name}");
        }

        Row[] over = [.. rows.Where(row => row.Ratio > options.Bound)];
        foreach (Row row in over)
        {
            Write(output, $"over {options.Bound:f2}: {row.Ratio:f2} {row.Name}");
        }

        int different = rows.Count(static row => !row.Agrees);
        Write(
            output,
            $"{rows.Count} loops, {rows.Count(static row => row.Ratio > 1)} slower than on the reference, {over.Length} over {options.Bound:f2}, {different} with different gas");
        return over.Length + different == 0 ? 0 : 1;
    }

    private static void Write(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Row(string Name, Timing Ours, Timing Peer)
    {
        public double Ratio => Ours.Repetitions == 0 ? 0 : Ours.NanosecondsPerGas / Peer.NanosecondsPerGas;

        /// <summary>Whether both machines used the same gas, which shows that they did the same work.</summary>
        public bool Agrees => Ours.Gas == Peer.Gas;
    }
}
