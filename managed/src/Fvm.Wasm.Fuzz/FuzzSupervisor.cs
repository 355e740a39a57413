using System.Diagnostics;
using System.Globalization;
using Fvm.Files;

namespace Fvm.Wasm.Fuzz;

/// <summary>
/// Runs the cases in a child process: machine code that kills its process, or never terminates, is then a find like any other, and the run
/// continues.
/// </summary>
internal sealed class FuzzSupervisor(FuzzOptions options, TextWriter output)
{
    private const int MaxCandidates = 200;
    private static readonly TimeSpan MaxSingleCase = TimeSpan.FromSeconds(20);

    public int Run()
    {
        long start = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(options.Folder);
        string progressFile = Path.Combine(options.Folder, $"progress.{Environment.ProcessId}");
        ulong seed = options.FirstSeed;
        long cases = 0;
        int finds = 0;
        while (true)
        {
            TimeSpan left = options.Time - Stopwatch.GetElapsedTime(start);
            if (left < TimeSpan.FromSeconds(0.5) || finds >= options.MaxFinds)
            {
                break;
            }

            using FuzzProgress progress = FuzzProgress.Create(progressFile, options.Jobs);
            int exit = Child(
                MaxSingleCase + left + left,
                quiet: false,
                left.TotalSeconds.ToString("f2", CultureInfo.InvariantCulture),
                "--seed", Text(seed), "--jobs", Text((ulong)options.Jobs), "--max-finds", Text((ulong)(options.MaxFinds - finds)),
                "--out", options.Folder, "--progress", progressFile, "--against", Against);
            cases += progress.Cases;
            finds += (int)progress.Finds;
            if (exit == 0)
            {
                break;
            }

            // The process was killed by one of the cases running in it.
            for (int job = 0; job < options.Jobs; job++)
            {
                if (progress.CaseOf(job) is ulong suspect)
                {
                    seed = Math.Max(seed, suspect + 1);
                    if (Kills(EngineFuzzer.ModuleOf(suspect), suspect))
                    {
                        finds++;
                        Report(suspect, Stopwatch.GetElapsedTime(start));
                    }
                }
            }
        }

        File.Delete(progressFile);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{cases} cases from {options.FirstSeed} on in {seconds:f0} s, {cases / seconds:f0} a second, {finds} finds"));
        return finds > 0 ? FuzzCommand.Found : 0;
    }

    private string Against => string.Join(',', options.Against);

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private void Report(ulong seed, TimeSpan when)
    {
        int candidates = 0;
        byte[] small = Minimizer.Minimize(EngineFuzzer.ModuleOf(seed), candidate => ++candidates <= MaxCandidates && Kills(candidate, seed));
        string folder = FindFolder.Write(options.Folder, new FuzzFind(seed, small, "the machine code kills its process, or never ends"));
        output.WriteLine($"{when.TotalSeconds:f1} s: {folder}");
        output.WriteLine("  the machine code kills its process, or never ends");
    }

    /// <summary>Whether a module kills the process that runs it.</summary>
    private bool Kills(byte[] module, ulong seed)
    {
        string file = Path.Combine(options.Folder, $"candidate.{Environment.ProcessId}.wasm");
        AtomicFile.Write(file, stream => stream.Write(module), durable: false);
        int exit = Child(MaxSingleCase, quiet: true, "--module", file, "--seed", Text(seed), "--against", Against);
        File.Delete(file);
        return exit is not (0 or FuzzCommand.Found);
    }

    private static int Child(TimeSpan most, bool quiet, params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo info = new(program) { RedirectStandardError = true, RedirectStandardOutput = quiet };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Fvm.Wasm.Fuzz.dll"));
        }

        Array.ForEach(arguments, info.ArgumentList.Add);
        using Process child = Process.Start(info)!;

        // The error output of a crashing process is long, and of no use here.
        child.ErrorDataReceived += static (_, _) => { };
        child.BeginErrorReadLine();
        if (quiet)
        {
            child.OutputDataReceived += static (_, _) => { };
            child.BeginOutputReadLine();
        }

        if (!child.WaitForExit(most))
        {
            child.Kill();
            child.WaitForExit();
            return -1;
        }

        return child.ExitCode;
    }
}
