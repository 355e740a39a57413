using System.Diagnostics;

namespace Fvm.Wasm.Fuzz;

/// <summary>Runs cases on several threads, in a process that faulty machine code may kill.</summary>
internal sealed class FuzzWorker(FuzzOptions options, TextWriter output)
{
    private static readonly TimeSpan MaxCase = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly long[] _caseStart = new long[options.Jobs];
    private readonly Lock _writing = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private ulong _next = options.FirstSeed;
    private long _cases;
    private int _finds;

    public int Run()
    {
        using FuzzProgress progress = FuzzProgress.Open(options.ProgressFile!, options.Jobs);
        using CompilerEngine compiler = new();
        using FuzzReferences references = new(options.Against);
        EngineFuzzer fuzzer = new(compiler, references.Engines);
        Thread[] threads = new Thread[options.Jobs];
        for (int job = 0; job < threads.Length; job++)
        {
            int number = job;
            threads[job] = new Thread(() => RunCases(fuzzer, progress, number)) { IsBackground = true };
            threads[job].Start();
        }

        while (Array.Exists(threads, static thread => thread.IsAlive))
        {
            Thread.Sleep(Poll);
            progress.Cases = Interlocked.Read(ref _cases);
            if (Array.Exists(_caseStart, static start => start != 0 && Stopwatch.GetElapsedTime(start) > MaxCase))
            {
                // The only way to stop machine code that loops without charging gas.
                Process.GetCurrentProcess().Kill();
            }
        }

        progress.Cases = _cases;
        return 0;
    }

    private void RunCases(EngineFuzzer fuzzer, FuzzProgress progress, int job)
    {
        while (Stopwatch.GetElapsedTime(_start) < options.Time && Volatile.Read(ref _finds) < options.MaxFinds)
        {
            ulong seed = Interlocked.Increment(ref _next) - 1;
            progress.SetCase(job, seed);
            Volatile.Write(ref _caseStart[job], Stopwatch.GetTimestamp());
            FuzzFind? find = fuzzer.Try(seed);
            Volatile.Write(ref _caseStart[job], 0);
            progress.SetCase(job, null);
            Interlocked.Increment(ref _cases);
            if (find is not null)
            {
                lock (_writing)
                {
                    progress.Finds = ++_finds;
                    output.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalSeconds:f1} s: {FindFolder.Write(options.Folder, find)}");
                    output.WriteLine($"  {find.Difference}");
                }
            }
        }
    }
}
