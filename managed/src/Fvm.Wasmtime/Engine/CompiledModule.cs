using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>An instrumented module and its machine code.</summary>
// Sound: the handle is deleted once, when no link is left; Wasmtime's instances keep the code that they run.
internal sealed unsafe class CompiledModule : IDisposable
{
    private readonly WasmtimeLibrary _library;
    private nint _handle;

    public CompiledModule(WasmtimeEngine engine, WasmModule module, MeteringRules? rules, ImportedState imported)
    {
        _library = engine.Library;
        _handle = engine.Compile(module, rules, imported, out InstrumentedModule instrumented);
        Imports = instrumented.Imports;
        Exports = instrumented.Exports;
        byte* start;
        byte* end;
        _library.Functions->ModuleImageRange(_handle, &start, &end);
        Size = end - start;
    }

    public nint Handle => _handle;

    public ImportedFunction[] Imports { get; }

    public ExportPositions Exports { get; }

    /// <summary>Bytes of machine code, with Wasmtime's tables.</summary>
    public long Size { get; }

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            _library.Functions->ModuleDelete(handle);
        }
    }
}
