using Fvm.MachineCode;

namespace Fvm.Wasm;

/// <summary>
/// The engine that compiles to x86-64 machine code, either each function at its first call or all of a module ahead.
/// <para>Bounds for every module: per byte of its functions, at most 500 ns of compile time and 40 bytes of machine code, and per function
/// 20 µs and 1 KiB in addition. Working memory: at most 100 bytes per byte of the largest function, and 8 MiB in addition
/// (<see cref="CompilerBounds"/>).</para>
/// </summary>
public sealed class CompilerEngine : IWasmEngine
{
    /// <summary>Budget for memory kept by idle instances, in bytes: at most this, and at most 1/IdlePart of the process's memory.</summary>
    private const long MaxIdle = 64 << 20;
    private const int IdlePart = 16;

    private readonly CompilerOptions _options;
    private readonly CodeOptions _code;
    private readonly MemoryPools _pools;
    private readonly PageMap? _pages = PageMap.Open();
    private readonly IdleBudget _idle = new(Math.Min(MaxIdle, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / IdlePart));
    private readonly AheadCompiler? _ahead;
    private readonly InterpreterEngine _interpreter = new();

    /// <inheritdoc cref="CompilerEngine(CompilerOptions)"/>
    public CompilerEngine()
        : this(new CompilerOptions())
    {
    }

    /// <param name="options">The engine's settings.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public CompilerEngine(CompilerOptions options)
    {
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException("machine code needs Linux on x86-64 with BMI2, and the right to run written memory");
        }

        _options = options;
        _code = new CodeOptions(
            Math.Min(options.MaxVectorSize, ProcessorFeatures.VectorSize),
            options.Stoppable,
            IsGuarded: options.GuardPages && CodeSegment.GuardPages is not null);
        _pools = new MemoryPools(stackSize: 0) { Shared = SharedPages.Open(_pages) };
        _ahead = options.CompileAhead ? new AheadCompiler() : null;
    }

    /// <summary>Whether this processor and operating system can run the generated code.</summary>
    public static bool IsSupported => ProcessorFeatures.IsSufficient && CodeMemory.IsSupported;

    /// <summary>
    /// Whether code that is run now by the calling thread would have guard pages: the environment asks for them, and the process allows them.
    /// </summary>
    public static bool HasGuardPages => IsSupported && GuardEnvironment.IsOn && CodeSegment.GuardPages is { Work: true };

    /// <inheritdoc/>
    public string Name => "compiler";

    /// <summary>Compiles all functions of the given codes, and writes them to the cache if there is one.</summary>
    /// <param name="codes">Codes loaded by this engine.</param>
    /// <param name="threads">Number of threads.</param>
    /// <returns>Number of functions compiled; the others were already compiled by earlier calls, or came from the cache.</returns>
    public static int CompileAll(IReadOnlyList<IWasmCode> codes, int threads)
    {
        // One list for the functions of all codes: no thread waits for the last function of each code.
        List<(CodeSegment Segment, int Function)> functions = [];
        foreach (IWasmCode code in codes)
        {
            if (code is CompiledCode compiled)
            {
                for (int function = code.Module.ImportedFunctionCount; function < code.Module.FunctionCount; function++)
                {
                    functions.Add((compiled.Segment, function));
                }
            }
        }

        int before = CountCompiled(codes);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads };
        Parallel.For(0, functions.Count, options, index => functions[index].Segment.Compile(functions[index].Function));
        Parallel.ForEach(codes, options, static code => (code as CompiledCode)?.Save(always: true));
        return CountCompiled(codes) - before;
    }

    /// <summary>Current size, in bytes, of the machine code of a code loaded by this engine.</summary>
    public static long MachineCodeSize(IWasmCode code) => (code as CompiledCode)?.Segment.CodeSize ?? 0;

    /// <summary>A human-readable listing of the machine code of a defined function.</summary>
    /// <param name="code">A code loaded by this engine.</param>
    /// <param name="function">Index of a function that is not imported, in the module's index space.</param>
    /// <returns>The listing; null if the module is interpreted, because of its large frames.</returns>
    public static FunctionListing? List(IWasmCode code, int function) => (code as CompiledCode)?.Segment.List(function);

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules) =>
        Load(wasm, limits, rules, name: null, compilesAlways: false);

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules, ModuleName name) =>
        Load(wasm, limits, rules, name, compilesAlways: false);

    /// <inheritdoc/>
    public IWasmCode? TryLoadKept(ModuleName name, ModuleLimits limits, MeteringRules rules)
    {
        // Code without checks may need its counterpart with checks, which is compiled from the module.
        if (_options.Cache is not CodeCache cache
            || _code.IsGuarded
            || cache.Read(OutlineKeyOf(name, limits, rules)) is not ReadOnlyMemory<byte> outline
            || ModuleOutline.TryDecode(outline, limits, out string key) is not WasmModule module
            || cache.Read(key) is not ReadOnlyMemory<byte> kept)
        {
            return null;
        }

        return Revive(module, rules, new CodeEntry(cache, key), kept.Span, isOutline: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ahead?.Dispose();
        _pages?.Dispose();
        _pools.Trim();
        _interpreter.Dispose();
    }

    /// <inheritdoc/>
    public void Trim()
    {
        _pools.Trim();
        _interpreter.Trim();
    }

    private static int CountCompiled(IReadOnlyList<IWasmCode> codes)
    {
        int count = 0;
        foreach (IWasmCode code in codes)
        {
            count += (code as CompiledCode)?.Segment.CompiledCount ?? 0;
        }

        return count;
    }

    /// <summary>Compiles even modules with large frames, which are otherwise interpreted: the bounds on compilation hold for them too.</summary>
    /// <exception cref="InvalidModuleException">The module is invalid or exceeds a limit.</exception>
    internal CompiledCode LoadModule(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules) =>
        (CompiledCode)Load(wasm, limits, rules, name: null, compilesAlways: true);

    private string OutlineKeyOf(ModuleName name, ModuleLimits limits, MeteringRules rules) =>
        CacheKey.OfOutline(name.Bytes.Span, limits, rules, _code.ToString());

    private IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules, ModuleName? name, bool compilesAlways)
    {
        CodeEntry? entry = null;
        if (_options.Cache is CodeCache cache && rules is not null && wasm.Length >= _options.MinCachedModule)
        {
            string key = CacheKey.Of(wasm.Span, limits, rules, _code.ToString());
            entry = new CodeEntry(cache, key, name is null || _code.IsGuarded ? null : OutlineKeyOf(name, limits, rules), name);
            if (cache.Read(key) is ReadOnlyMemory<byte> kept
                && Revive(ModuleDecoder.Decode(wasm, limits), rules, entry, kept.Span, isOutline: false) is CompiledCode revived)
            {
                revived.KeepOutline();

                // The cached code may lack functions that had not been called yet.
                _ahead?.Add(revived);
                return revived;
            }
        }

        (WasmModule module, ModuleMetering? metering) = ModuleMetering.Decode(wasm, limits, rules);
        if (rules is not null)
        {
            InstanceLimits.Check(module);
        }

        // Machine-code frames would have to match the metering model's, and lie on the thread's stack: see "Why are modules with very
        // large frames interpreted?" in RATIONALE.md.
        if (metering is { UsesLargeFrames: true } && !compilesAlways)
        {
            return _interpreter.Prepare(module, metering);
        }

        CompiledCode code = new(_pools, _pages, _idle, module, metering, entry, _code);
        _ahead?.Add(code);
        return code;
    }

    /// <summary>
    /// Restores code from a cache entry. The module was accepted before, so its function bodies are not validated. An outline has none: then
    /// the entry must have the code of all.
    /// </summary>
    private CompiledCode? Revive(WasmModule module, MeteringRules rules, CodeEntry entry, ReadOnlySpan<byte> kept, bool isOutline)
    {
        ModuleMetering metering = ModuleMetering.Trust(module, rules);
        CompiledCode code = new(_pools, _pages, _idle, module, metering, entry, _code, outlinedCode: isOutline ? kept.Length : 0);
        if (code.TryRead(kept) && (!isOutline || code.Segment.IsComplete))
        {
            return code;
        }

        code.Dispose();
        return null;
    }
}
