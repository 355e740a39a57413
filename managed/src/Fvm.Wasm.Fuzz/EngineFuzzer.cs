using System.Diagnostics;

namespace Fvm.Wasm.Fuzz;

/// <summary>Differential fuzzing of the compiler against other engines, on random modules.</summary>
/// <param name="subject">
/// The engine under test. It compiles even modules that it would delegate to the interpreter, which would agree with itself.
/// </param>
/// <param name="references">The engines presumed correct.</param>
internal sealed class EngineFuzzer(CompilerEngine subject, params IReadOnlyList<IWasmEngine> references)
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
    public string? Compare(byte[] module, ulong seed)
    {
        foreach (IWasmEngine reference in references)
        {
            // Wasmtime has its own messages, and no instance after a failed instantiation.
            bool isOurs = reference is InterpreterEngine;
            RunOutcome expected = ModuleRunner.Run(reference, module, seed, isOurs);
            if (expected.FirstDifference(ModuleRunner.Run(_subject, module, seed, isOurs)) is string difference)
            {
                return $"{reference.Name}: {difference}";
            }
        }

        return null;
    }

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
