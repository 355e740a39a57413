using System.Diagnostics;
using System.Globalization;

namespace Fvm.Slowest;

/// <summary>
/// Times one machine by the command that it is in, on a machine that others may use as well. What takes the same each time is timed by the clock:
/// the least of many short runs is one that nobody disturbed. What makes objects is timed by the processor's time, since some runs pay for
/// collecting those of others; the difference between many repetitions and few leaves out all that comes before the first.
/// </summary>
/// <param name="command">A program that has <c>bench --repeat N FILE</c>, with N+1 runs of which the first is not timed.</param>
/// <param name="enough">What the repetitions take together, roughly. What a process takes before its first one varies by some milliseconds, and by ten
/// and more on a busy machine: this has to be many times that, however short the message is.</param>
/// <param name="options">What else it is given.</param>
internal sealed class Machine(string command, TimeSpan enough, params string[] options)
{
    private const int Few = 2;
    private const int Short = 20;
    private const int Most = 1000;

    /// <summary>Times a vector once more.</summary>
    /// <param name="isSteady">Whether it takes the same each time.</param>
    /// <exception cref="InvalidOperationException">The command fails.</exception>
    public void Time(string file, bool isSteady, Timing timing)
    {
        if (isSteady)
        {
            timing.Add(Run(file, Short, timing).Least, Short);
            return;
        }

        (TimeSpan few, TimeSpan once) = Run(file, Few, timing);

        // What is compared are the least times of all turns, so each turn has as many repetitions as the first.
        int many = timing.Repetitions > 0 ? timing.Repetitions : Few + (int)Math.Clamp(enough / once, 3, Most);
        timing.Add(few, Run(file, many, timing).Used, Few, many);
    }

    // The processor's time that the process used, and the least time that the message took by the clock.
    private (TimeSpan Used, TimeSpan Least) Run(string file, int repeat, Timing timing)
    {
        ProcessStartInfo start = new(command) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (IEnumerable<string>)["bench", .. options, "--repeat", repeat.ToString(CultureInfo.InvariantCulture), file])
        {
            start.ArgumentList.Add(argument);
        }

        TimeSpan before = ChildrenTime.Read();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command} does not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TimeSpan used = ChildrenTime.Read() - before;

        // vector,messages,gas,exec_us_min,… after a header line. A vector's name may hold commas, its numbers do not.
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] fields = lines.Length > 1 ? lines[1].Split(',') : [];
        if (process.ExitCode != 0 || fields.Length < 7 || !ulong.TryParse(fields[^5], CultureInfo.InvariantCulture, out ulong gas)
            || !ulong.TryParse(fields[^4], CultureInfo.InvariantCulture, out ulong micros))
        {
            throw new InvalidOperationException($"{command} bench {file}: exit code {process.ExitCode}. {errors.Result.Trim()}");
        }

        timing.Gas = gas;
        return (used, TimeSpan.FromMicroseconds(Math.Max(micros, 1)));
    }
}
