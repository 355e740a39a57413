using System.Diagnostics;
using System.Globalization;

namespace Fvm.Slowest;

/// <summary>
/// Times one machine by the command that it is in. What counts is the processor's time and not the clock's, since others may use the machine
/// as well; the difference between many repetitions and few leaves out all that comes before the first.
/// </summary>
/// <param name="command">A program that has <c>bench --repeat N FILE</c>, with N+1 runs of which the first is not timed.</param>
/// <param name="options">What else it is given.</param>
internal sealed class Machine(string command, params string[] options)
{
    private const int Few = 1;

    // Repetitions until what they take is much against how the time before the first one varies.
    private static readonly int[] Many = [5, 41, 321];
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(30);

    /// <summary>Times a vector once more.</summary>
    /// <exception cref="InvalidOperationException">The command fails.</exception>
    public void Time(string file, Timing timing)
    {
        TimeSpan few = Run(file, Few, timing);
        int step = Array.IndexOf(Many, Math.Max(timing.Repetitions, Many[0]));
        TimeSpan many = Run(file, Many[step], timing);
        while (many - few < Enough && step + 1 < Many.Length)
        {
            many = Run(file, Many[++step], timing);
        }

        timing.Add(few, many, Few, Many[step]);
    }

    private TimeSpan Run(string file, int repeat, Timing timing)
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

        // vector,messages,gas,… after a header line. A vector's name may hold commas, its numbers do not.
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] fields = lines.Length > 1 ? lines[1].Split(',') : [];
        if (process.ExitCode != 0 || fields.Length < 7 || !ulong.TryParse(fields[^5], CultureInfo.InvariantCulture, out ulong gas))
        {
            throw new InvalidOperationException($"{command} bench {file}: exit code {process.ExitCode}. {errors.Result.Trim()}");
        }

        timing.Gas = gas;
        return used;
    }
}
