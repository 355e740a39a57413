using System.Diagnostics;
using System.Globalization;

namespace Fvm.Slowest;

/// <summary>
/// Times one machine through its command, on a computer that may run other work too. Steady messages are timed by wall clock: the minimum
/// of many short runs is an undisturbed one. Messages that allocate are timed by processor time, since some runs pay for the garbage of
/// others; the difference between many repetitions and few excludes everything before the first.
/// </summary>
/// <param name="command">A program with <c>bench --repeat N FILE</c>: N+1 runs, the first untimed.</param>
/// <param name="enough">
/// Approximate duration of all repetitions. The start-up time of a process varies by some milliseconds, and by ten and more on a busy
/// machine: this has to be a large multiple of that, however short the message is.
/// </param>
/// <param name="options">Further options of the command.</param>
internal sealed class Machine(string command, TimeSpan enough, params string[] options)
{
    private const int Few = 2;
    private const int Short = 20;
    private const int Most = 1000;

    /// <summary>Times a vector once more.</summary>
    /// <param name="isSteady">Whether all runs take the same time.</param>
    /// <exception cref="InvalidOperationException">The command fails.</exception>
    public void Time(string file, bool isSteady, Timing timing)
    {
        if (isSteady)
        {
            timing.Add(Run(file, Short, timing).Least, Short);
            return;
        }

        (TimeSpan few, TimeSpan once) = Run(file, Few, timing);

        // The comparison is between the minima of all turns, so each turn has as many repetitions as the first.
        int many = timing.Repetitions > 0 ? timing.Repetitions : Few + (int)Math.Clamp(enough / once, 3, Most);
        timing.Add(few, Run(file, many, timing).Used, Few, many);
    }

    // The processor time of the process, and the minimum wall time of the message.
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

        if (process.ExitCode != 0 || BenchOutput.Read(output) is not (ulong gas, ulong micros))
        {
            throw new InvalidOperationException($"{command} bench {file}: exit code {process.ExitCode}. {errors.Result.Trim()}");
        }

        timing.Gas = gas;
        return (used, TimeSpan.FromMicroseconds(Math.Max(micros, 1)));
    }
}
