using Fvm.Wasmtime;

namespace Fvm.Wasm.Fuzz;

/// <summary>The engines that the compiler is compared with.</summary>
internal sealed class FuzzReferences : IDisposable
{
    private const string Interpreter = "interpreter";

    private readonly List<IWasmEngine> _engines = [];

    /// <param name="names">Their names.</param>
    /// <exception cref="EngineUnavailableException">Wasmtime's library is not there.</exception>
    public FuzzReferences(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            _engines.Add(name == Interpreter ? new InterpreterEngine() : new WasmtimeEngine(new WasmtimeOptions { ObservesGlobals = true }));
        }
    }

    /// <summary>The names of the engines that are compared with unless others are asked for.</summary>
    public static IReadOnlyList<string> Default { get; } = [Interpreter];

    public IReadOnlyList<IWasmEngine> Engines => _engines;

    /// <summary>Parses names with commas between them; null if one is unknown.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        string[] names = text.Split(',');
        return Array.TrueForAll(names, static name => name is Interpreter or WasmtimeEngine.EngineName) ? names : null;
    }

    public void Dispose() => _engines.ForEach(static engine => engine.Dispose());
}
