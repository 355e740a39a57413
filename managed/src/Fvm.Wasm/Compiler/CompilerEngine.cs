using Fvm.MachineCode;

namespace Fvm.Wasm;

/// <summary>
/// The engine that makes machine code for x86-64, each function at its first call or all of a module ahead.
/// <para>However a module is built, compiling a byte of its functions takes at most 500 ns and makes at most 40 bytes of machine code, besides
/// 20 µs and 1 KiB a function; it needs at most 100 bytes of memory for each byte of the largest function, besides 8 MiB, while it works
/// (<see cref="CompilerBounds"/>).</para>
/// </summary>
public sealed class CompilerEngine : IWasmEngine
{
    /// <summary>Bytes of memory that waiting instances keep, all together: this at most, and this part of what the process may have.</summary>
    private const long MaxIdle = 64 << 20;
    private const int IdlePart = 16;

    private readonly CompilerOptions _options;
    private readonly int _vectorSize;
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

    /// <param name="options">How it works.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public CompilerEngine(CompilerOptions options)
    {
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException("machine code needs Linux on x86-64 with BMI2, and the right to run written memory");
        }

        _options = options;
        _vectorSize = Math.Min(options.MaxVectorSize, ProcessorFeatures.VectorSize);
        _pools = new MemoryPools(stackSize: 0);
        _ahead = options.CompileAhead ? new AheadCompiler() : null;
    }

    /// <summary>Whether this machine and system can run the code that the engine makes.</summary>
    public static bool IsSupported => ProcessorFeatures.IsSufficient && CodeMemory.IsSupported;

    /// <inheritdoc/>
    public string Name => "compiler";

    /// <summary>Compiles all functions of some codes that this engine loaded, and keeps them in the cache if there is one.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="threads">How many threads to use.</param>
    /// <returns>How many functions were compiled; the others were there already, of earlier calls or from the cache.</returns>
    public static int CompileAll(IReadOnlyList<IWasmCode> codes, int threads)
    {
        // The functions of all codes in one row: no thread waits for the last function of each.
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

    /// <summary>Bytes of machine code that a code of this engine has at the moment.</summary>
    public static long MachineCodeSize(IWasmCode code) => (code as CompiledCode)?.Segment.CodeSize ?? 0;

    /// <summary>The machine code of a function that a code of this engine defines, for people to look at.</summary>
    /// <param name="code">The code.</param>
    /// <param name="function">A function that is not imported, by its index in the module's index space.</param>
    /// <returns>Null where the module is interpreted, because the frames of its functions are counted.</returns>
    public static FunctionListing? List(IWasmCode code, int function) => (code as CompiledCode)?.Segment.List(function);

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules) => Load(wasm, limits, rules, compilesAlways: false);

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

    /// <summary>Machine code even where the frames of a module are counted: what the compiler may cost holds for those as well.</summary>
    /// <exception cref="InvalidModuleException">The module is refused.</exception>
    internal CompiledCode LoadModule(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules) =>
        (CompiledCode)Load(wasm, limits, rules, compilesAlways: true);

    private IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules, bool compilesAlways)
    {
        string key = "";
        CodeCache? cache = rules is null || wasm.Length < _options.MinCachedModule ? null : _options.Cache;
        if (cache is not null)
        {
            key = CacheKey.Of(wasm.Span, limits, rules!, X64Generator.VectorSizeOfFunctions(_vectorSize));
            if (cache.Read(key) is byte[] kept && Revive(wasm, limits, rules!, cache, key, kept) is CompiledCode revived)
            {
                // Some functions may not have been called when it was kept.
                _ahead?.Add(revived);
                return revived;
            }
        }

        WasmModule module = ModuleValidator.Decode(wasm, limits);
        ModuleMetering? metering = rules is null ? null : ModuleMetering.Analyze(module, rules);
        if (rules is not null)
        {
            InstanceLimits.Check(module);
        }

        // Frames of machine code would have to be those of the model, and lie on the thread's stack: see "Why are modules with very large
        // frames interpreted?" in RATIONALE.md.
        if (metering is { UsesLargeFrames: true } && !compilesAlways)
        {
            return _interpreter.Prepare(module, metering);
        }

        CompiledCode code = new(_pools, _pages, _idle, module, metering, cache, key, _vectorSize);
        _ahead?.Add(code);
        return code;
    }

    /// <summary>Makes code of what was kept. The module was accepted before, so its bodies are not looked at.</summary>
    private CompiledCode? Revive(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules rules, CodeCache cache, string key, byte[] kept)
    {
        WasmModule module = ModuleDecoder.Decode(wasm, limits);
        CompiledCode code = new(_pools, _pages, _idle, module, ModuleMetering.Trust(module, rules), cache, key, _vectorSize);
        if (code.TryRead(kept))
        {
            return code;
        }

        code.Dispose();
        return null;
    }
}
