using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>
/// The engine of the reference: Wasmtime, through its C library, on modules with the reference's instrumentation. A check of the other
/// engines and of <c>Fvm.Wasm/Metering</c>, both of which it does without.
/// </summary>
// Sound: handles come from the library and are passed to it alone; an engine is deleted after its modules, of which each holds its own
// reference to what it needs.
public sealed unsafe class WasmtimeEngine : IWasmEngine
{
    /// <summary>The engine's name in options.</summary>
    public const string EngineName = "wasmtime";

    // Wasmtime wants room for its own stacks of asynchronous calls, which are not used, in addition to that of the code.
    private const int AsyncStack = NativeStack.PerInstance + (1 << 20);
    private const byte Speed = 1;

    private readonly WasmtimeOptions _options;

    /// <param name="options">The engine's settings.</param>
    /// <exception cref="EngineUnavailableException">The library is missing, or of another release.</exception>
    public WasmtimeEngine(WasmtimeOptions options)
    {
        _options = options;
        Library = WasmtimeLibrary.Load(options.Library ?? WasmtimeLibraryFile.Find());
        Handle = Library.Functions->EngineNew(Configuration());
    }

    /// <inheritdoc/>
    public string Name => EngineName;

    internal WasmtimeLibrary Library { get; }

    internal bool IsStoppable => _options.Stoppable;

    internal nint Handle { get; }

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules)
    {
        WasmModule module = ModuleValidator.Decode(wasm, limits);
        if (rules is not null)
        {
            ImportedGlobals.Check(module);
            InstanceLimits.Check(module);
        }

        return new WasmtimeCode(this, module, rules);
    }

    /// <inheritdoc/>
    public void Trim()
    {
        // Wasmtime's allocator keeps nothing of ended instances.
    }

    /// <inheritdoc/>
    public void Dispose() => Library.Functions->EngineDelete(Handle);

    /// <summary>Instruments and compiles a module.</summary>
    /// <exception cref="InvalidModuleException">The reference's instrumentation or Wasmtime refuses it.</exception>
    internal nint Compile(WasmModule module, MeteringRules? rules, ImportedState imported, out InstrumentedModule instrumented)
    {
        instrumented = Instrumenter.Write(module, rules, imported, _options.ObservesGlobals);
        nint compiled;
        fixed (byte* bytes = instrumented.Bytes)
        {
            nint error = Library.Functions->ModuleNew(Handle, bytes, (nuint)instrumented.Bytes.Length, &compiled);
            return error == 0 ? compiled : throw new InvalidModuleException($"Wasmtime: {Library.TakeError(error)}", "module", 0);
        }
    }

    // The reference's settings (ref-fvm, engine/mod.rs), as far as they decide results. Wasm's features are off unless the builtin actors
    // need them: reference types are on because their tables have long indices; the validator refuses the rest.
    private nint Configuration()
    {
        nint config = Library.Functions->ConfigNew();
        SetSize(config, "async_stack_size", AsyncStack);
        SetSize(config, "max_wasm_stack", NativeStack.PerInstance);
        Set(config, "cranelift_nan_canonicalization", 1);
        Set(config, "cranelift_opt_level", Speed);
        Set(config, "memory_init_cow", 0);
        Set(config, "memory_may_move", 0);
        Set(config, "native_unwind_info", 0);
        Set(config, "debug_info", 0);
        Set(config, "consume_fuel", 0);
        Set(config, "epoch_interruption", (byte)(IsStoppable ? 1 : 0));
        string[] off =
        [
            "simd", "relaxed_simd", "multi_value", "multi_memory", "memory64", "tail_call", "threads", "exceptions", "gc", "function_references",
            "wide_arithmetic", "custom_page_sizes", "stack_switching",
        ];
        Array.ForEach(off, feature => Set(config, "wasm_" + feature, 0));
        Set(config, "wasm_bulk_memory", 1);
        Set(config, "wasm_reference_types", 1);
        return config;
    }

    private void Set(nint config, string property, byte value) =>
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)Library.Setter(property))(config, value);

    private void SetSize(nint config, string property, nuint value) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, void>)Library.Setter(property))(config, value);
}
