using System.Globalization;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Slowest;

/// <summary>Runs the loops on both machines alternately, and prints the time per gas of each, worst ratio first.</summary>
internal static class Contest
{
    // Loops near the bound are timed again, and those that still look over it afresh, after all others, when a disturbance may have ended.
    private const double NearBound = 0.95;
    private const int LooksNearBound = 2;
    private const int FreshTurns = 5;

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
        List<Measurement> rows = new(loops.Length);
        Dictionary<int, string> doubtful = [];
        using LoopVector vectors = new();
        foreach (Loop loop in loops)
        {
            string file = Write(vectors, loop, rows.Count, options);
            Measurement row = Time(loop, file, options.Turns);
            for (int turn = 0; turn < LooksNearBound && row.Ratio > options.Bound * NearBound; turn++)
            {
                Turn(loop, file, row);
            }

            if (row.IsOver(options.Bound))
            {
                doubtful.Add(rows.Count, file);
            }
            else
            {
                Discard(file, options);
            }

            rows.Add(row);
            errors.WriteLine($"{rows.Count}/{loops.Length} {Text(row)}");
        }

        foreach ((int index, string file) in doubtful)
        {
            rows[index] = Measurement.Decide(() => Time(loops[index], file, FreshTurns), options.Bound);
            errors.WriteLine($"again {Text(rows[index])}");
            Discard(file, options);
        }

        rows.Sort(static (left, right) => right.Ratio.CompareTo(left.Ratio));
        return Print(rows, options, output);

        Measurement Time(Loop loop, string file, int turns)
        {
            Measurement times = new(loop.Name, new Timing(), new Timing());
            for (int turn = 0; turn < turns; turn++)
            {
                Turn(loop, file, times);
            }

            return times;
        }

        void Turn(Loop loop, string file, Measurement times)
        {
            ours.Time(file, loop.IsSteady, times.Ours);
            peer.Time(file, loop.IsSteady, times.Peer);
        }
    }

    private static string Text(Measurement row) => $"{row.Ratio.ToString("f2", CultureInfo.InvariantCulture)} {row.Name}";

    private static void Discard(string file, ContestOptions options)
    {
        if (!options.Keeps)
        {
            File.Delete(file);
        }
    }

    private static string Write(LoopVector vectors, Loop loop, int number, ContestOptions options)
    {
        string file = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"loop{number}.json"));
        Vector vector = vectors.Create(loop, loop.IsSteady ? options.Time / ShorterSteady : options.Time, out VectorResult result);
        AtomicFile.Write(file, stream => VectorWriter.Write(stream, vector, result), durable: false);
        return file;
    }

    private static int Print(List<Measurement> rows, ContestOptions options, TextWriter output)
    {
        output.WriteLine($"{"ns/gas: ours",12} {"reference",10} {"ratio",6}  {"Mgas",6}  loop");
        foreach (Measurement row in rows)
        {
            Write(output, $"{row.Ours.NanosecondsPerGas,12:f4} {row.Peer.NanosecondsPerGas,10:f4} {row.Ratio,6:f2}  {row.Ours.Gas / 1e6,6:f0}  {row.Name}");
        }

        foreach (Measurement row in rows.Where(static row => !row.Agrees))
        {
            Write(output, $"different gas: {row.Ours.Gas}, {row.Peer.Gas} on the reference: {row.Name}");
        }

        Measurement[] over = [.. rows.Where(row => row.IsOver(options.Bound))];
        foreach (Measurement row in over)
        {
            Write(output, $"over {options.Bound:f2}: {row.Ratio:f2} {row.Name}");
        }

        int different = rows.Count(static row => !row.Agrees);
        Write(
            output,
            $"{rows.Count} loops, {rows.Count(static row => row.IsOver(1))} slower than on the reference, {over.Length} over {options.Bound:f2}, {different} with different gas");
        return over.Length + different == 0 ? 0 : 1;
    }

    private static void Write(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
