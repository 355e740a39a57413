namespace Fvm.Wasm;

/// <summary>The engines by name.</summary>
public static class WasmEngines
{
    /// <summary>The names that <see cref="Create(string)"/> takes, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = CompilerEngine.IsSupported ? ["compiler", "interpreter"] : ["interpreter"];

    /// <summary>The default engine: the fastest that this system supports.</summary>
    public static string Default => Names[0];

    /// <summary>Human-readable reason why the default is not the compiler; null if it is.</summary>
    public static string? Fallback => CompilerEngine.IsSupported
        ? null
        : "machine code is made on Linux on x86-64 with BMI2 only, and where written memory may run: the interpreter runs actors, more slowly";

    /// <summary>The processor's instruction-set extensions among those used by engines and cryptography.</summary>
    public static IReadOnlyList<string> ProcessorFeatures { get; } = MachineCode.ProcessorFeatures.Names;

    /// <summary>Makes an engine.</summary>
    /// <exception cref="ArgumentException">There is no engine of that name.</exception>
    public static IWasmEngine Create(string name) => Create(name, new CompilerOptions());

    /// <summary>Makes an engine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Options of the compiler; unused by the interpreter.</param>
    /// <exception cref="ArgumentException">There is no engine of that name.</exception>
    public static IWasmEngine Create(string name, CompilerOptions options) => name switch
    {
        "interpreter" => new InterpreterEngine(),
        "compiler" => new CompilerEngine(options),
        _ => throw new ArgumentException($"no engine is called '{name}'; there are: {string.Join(", ", Names)}", nameof(name)),
    };
}
