using Fvm.Wasmtime;

namespace Fvm.Wasm.Tests;

/// <summary>The engines under test: the project's own, and Wasmtime.</summary>
internal static class TestEngines
{
    public static IReadOnlyList<string> Names { get; } = [.. WasmEngines.Names, WasmtimeEngine.EngineName];

    /// <summary>Makes an engine; ignores the test if it is Wasmtime, and the library is not there.</summary>
    public static IWasmEngine Create(string name) => name == WasmtimeEngine.EngineName
        ? new WasmtimeEngine(new WasmtimeOptions { Library = WasmtimeOfTests.Library, ObservesGlobals = true })
        : WasmEngines.Create(name);
}
