using System.Diagnostics;
using System.Net.Sockets;

namespace Fvm.Node.Bench;

/// <summary>The time from the start of a process to its first answer, and its memory when it is idle.</summary>
internal static class Starts
{
    private const int LimitMilliseconds = 60_000;
    private const int IdleMilliseconds = 2_000;

    public static void Measure(int turns, int port, string program, string[] arguments)
    {
        List<double> times = [];
        double idle = 0;
        for (int turn = 0; turn < turns; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            ProcessStartInfo wanted = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(wanted)!;
            try
            {
                Uri node = new($"http://127.0.0.1:{port}");
                while (!TryAsk(node))
                {
                    if (process.HasExited || Stopwatch.GetElapsedTime(start).TotalMilliseconds > LimitMilliseconds)
                    {
                        throw new BenchException($"{program} does not answer: {process.StandardError.ReadToEnd()}");
                    }

                    Thread.Sleep(1);
                }

                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (turn == turns - 1)
                {
                    Thread.Sleep(IdleMilliseconds);
                    idle = Program.MemoryOf(process.Id);
                }
            }
            finally
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        double median = Program.Share(times, 0.5);
        Console.WriteLine($"  start to first answer  {median:f0} ms (best {times[0]:f0}, worst {times[^1]:f0}, {turns} turns); idle {idle:f0} MiB");
    }

    private static bool TryAsk(Uri node)
    {
        try
        {
            using Connection connection = new(node);
            _ = connection.Ask("eth_blockNumber", "[]");
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
