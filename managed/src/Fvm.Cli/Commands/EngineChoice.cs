using Fvm.Vectors;
using Fvm.Wasm;
using Fvm.Wasmtime;

namespace Fvm.Cli;

/// <summary>The engines that the command offers: those of <see cref="WasmEngines"/>, and Wasmtime where its library is there.</summary>
internal static class EngineChoice
{
    /// <summary>The environment variable that names the engine where no option does.</summary>
    public const string Variable = "FVM_ENGINE";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. WasmEngines.Names, WasmtimeEngine.EngineName];

    /// <summary>The engine without an option.</summary>
    /// <exception cref="InputException">The environment names an unknown engine.</exception>
    public static string Default()
    {
        string name = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : VectorReplayer.DefaultEngine;
        return Refusal(Variable, name) is string refusal ? throw new InputException(refusal) : name;
    }

    /// <summary>Why a name is no engine's; null if it is one's.</summary>
    /// <param name="source">The option or variable with the name.</param>
    /// <param name="name">The name.</param>
    public static string? Refusal(string source, string name) =>
        Names.Contains(name) ? null : $"{source}: unknown engine '{name}'; known engines: {string.Join(", ", Names)}";

    /// <summary>Makes an engine that is not among <see cref="WasmEngines"/>; null for the others.</summary>
    public static EngineMaker? MakerOf(string name) => name == WasmtimeEngine.EngineName
        ? static options => new WasmtimeEngine(new WasmtimeOptions { Stoppable = options.Stoppable })
        : null;
}
