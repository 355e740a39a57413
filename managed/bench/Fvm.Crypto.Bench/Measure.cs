namespace Fvm.Crypto.Bench;

/// <summary>Measures with the method of the peers: processor time of runs of about a quarter of a second, the minimum of several.</summary>
internal static class Measure
{
    private const int Runs = 7;
    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Prints the name and the nanoseconds per call.</summary>
    public static void Print(string name, Action work)
    {
        // Warms up until tiered compilation has settled.
        TimeSpan warm = Environment.CpuUsage.TotalTime;
        int calls = 0;
        while (Environment.CpuUsage.TotalTime - warm < 4 * RunTime)
        {
            work();
            calls++;
        }

        int count = Math.Max(1, calls / 4);
        double best = double.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < count; i++)
            {
                work();
            }

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / count);
        }

        Console.WriteLine($"{name} {best:F0}");
    }
}
