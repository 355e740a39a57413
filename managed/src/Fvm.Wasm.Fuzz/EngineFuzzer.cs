using System.Diagnostics;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Fuzz;

/// <summary>Compares two engines on random modules.</summary>
/// <param name="reference">The engine that is taken to be right.</param>
/// <param name="subject">The engine under test.</param>
public sealed class EngineFuzzer(IWasmEngine reference, IWasmEngine subject)
{
    private static readonly TimeSpan MaxMinimizing = TimeSpan.FromSeconds(15);

    /// <summary>Runs one case; null if the engines agree.</summary>
    public FuzzFind? Try(ulong seed)
    {
        byte[] module = ModuleOf(seed);
        string? difference = Compare(module, seed);
        if (difference is null)
        {
            return null;
        }

        long start = Stopwatch.GetTimestamp();
        byte[] small = Minimizer.Minimize(
            module, candidate => Stopwatch.GetElapsedTime(start) < MaxMinimizing && Compare(candidate, seed) is not null);
        return new FuzzFind(seed, small, Compare(small, seed) ?? difference);
    }

    /// <summary>The module of a case.</summary>
    public static byte[] ModuleOf(ulong seed) => new ModuleGenerator(seed).Generate();

    /// <summary>How the engines differ on a module; null if they agree.</summary>
    public string? Compare(byte[] module, ulong seed) =>
        ModuleRunner.Run(reference, module, seed).FirstDifference(ModuleRunner.Run(subject, module, seed));
}
