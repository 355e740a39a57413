using System.Diagnostics;

namespace Fvm.Wasm.Fuzz;

/// <summary>Differential fuzzing of the compiler against the interpreter, on random modules.</summary>
/// <param name="reference">The engine presumed correct.</param>
/// <param name="subject">
/// The engine under test. It compiles even modules that it would delegate to the interpreter, which would agree with itself.
/// </param>
internal sealed class EngineFuzzer(InterpreterEngine reference, CompilerEngine subject)
{
    private static readonly TimeSpan MaxMinimizing = TimeSpan.FromSeconds(15);

    private readonly AlwaysCompiler _subject = new(subject);

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

    /// <summary>The difference between the engines on a module; null if they agree.</summary>
    public string? Compare(byte[] module, ulong seed) =>
        ModuleRunner.Run(reference, module, seed).FirstDifference(ModuleRunner.Run(_subject, module, seed));

    private sealed class AlwaysCompiler(CompilerEngine engine) : IWasmEngine
    {
        public string Name => engine.Name;

        public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules) => engine.LoadModule(wasm, limits, rules);

        public void Trim() => engine.Trim();

        // The caller owns the engines.
        public void Dispose()
        {
        }
    }
}
