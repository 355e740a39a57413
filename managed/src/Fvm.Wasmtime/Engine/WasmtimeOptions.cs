using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>Settings of a <see cref="WasmtimeEngine"/>.</summary>
public sealed record WasmtimeOptions
{
    /// <summary>Path of the library; null to look for it (<see cref="WasmtimeLibraryFile.Find"/>).</summary>
    public string? Library { get; init; }

    /// <summary>Whether code can be stopped (<see cref="IWasmInstance.Stop"/>).</summary>
    public bool Stoppable { get; init; }

    /// <summary>Whether <see cref="InstanceContext.Globals"/> shows the globals after each call: for tests.</summary>
    public bool ObservesGlobals { get; init; }
}
