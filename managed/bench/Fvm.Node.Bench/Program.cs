using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fvm.Node.Bench;

/// <summary>
/// Measures a node. <c>start TURNS PORT PROGRAM ARGUMENT…</c>: milliseconds from the start of a process to its first answer, and its memory two
/// seconds later. <c>calls URL FILE CLIENTS SECONDS [MINE]</c>: deploys the contract of the file (see interop-tests/ethereum/bench.mjs), and times
/// calls, estimates and transfers; MINE is the path that makes blocks, for nodes that make none by themselves.
/// <c>fill URL ACCOUNTS COUNT PID</c>: memory after many transactions.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["start", string turns, string port, string program, .. string[] rest]:
                    Starts.Measure(Number(turns), Number(port), program, rest);
                    return 0;
                case ["calls", string url, string file, string clients, string seconds, .. string[] mine]:
                    JsonElement prepared = JsonElement.Parse(File.ReadAllText(file));
                    new Calls(new Uri(url), prepared, mine.FirstOrDefault()).Measure(Number(clients), Number(seconds));
                    return 0;
                case ["fill", string url, string accounts, string count, string process]:
                    Fill.Measure(new Uri(url), accounts.Split(','), Number(count), Number(process));
                    return 0;
                default:
                    Console.Error.WriteLine(
                        "usage: start TURNS PORT PROGRAM ARGUMENT… | calls URL FILE CLIENTS SECONDS [MINE] | fill URL ACCOUNTS COUNT PID");
                    return 2;
            }
        }
        catch (Exception exception) when (exception is BenchException or System.Net.Sockets.SocketException or IOException)
        {
            Console.Error.WriteLine($"bench-node: {exception.Message}");
            return 1;
        }
    }

    /// <summary>The resident memory of a process in MiB.</summary>
    public static double MemoryOf(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>A share of sorted times, such as the median.</summary>
    public static double Share(List<double> times, double share)
    {
        times.Sort();
        return times[Math.Min(times.Count - 1, (int)(times.Count * share))];
    }

    /// <summary>Runs something, and returns its milliseconds.</summary>
    public static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
