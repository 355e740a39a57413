using System.Diagnostics;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Fuzz;

/// <summary>Compares two engines on random modules.</summary>
/// <param name="reference">The engine that is taken to be right.</param>
/// <param name="subject">The engine under test.</param>
public sealed class EngineFuzzer(IWasmEngine reference, IWasmEngine subject)
{
    /// <summary>Runs cases until the time is up.</summary>
    /// <param name="time">How long.</param>
    /// <param name="firstSeed">The first case's number.</param>
    /// <param name="onFind">Called for each case that differs, with a minimised module.</param>
    /// <returns>The number of cases.</returns>
    public long Run(TimeSpan time, ulong firstSeed, Action<FuzzFind> onFind)
    {
        long start = Stopwatch.GetTimestamp();
        long cases = 0;
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            FuzzFind? find = Try(firstSeed + (ulong)cases);
            cases++;
            if (find is not null)
            {
                onFind(find);
            }
        }

        return cases;
    }

    /// <summary>Runs one case; null if the engines agree.</summary>
    public FuzzFind? Try(ulong seed)
    {
        byte[] module = new ModuleGenerator(seed).Generate();
        string? difference = Compare(module, seed);
        if (difference is null)
        {
            return null;
        }

        byte[] small = Minimizer.Minimize(module, candidate => Compare(candidate, seed) is not null);
        return new FuzzFind(seed, small, Compare(small, seed) ?? difference);
    }

    /// <summary>How the engines differ on a module; null if they agree.</summary>
    public string? Compare(byte[] module, ulong seed) =>
        ModuleRunner.Run(reference, module, seed).FirstDifference(ModuleRunner.Run(subject, module, seed));
}
