namespace Fvm.Wasm;

/// <summary>
/// The metering of a module: the code that the reference injects (fvm-wasm-instrument 0.4: the stack limiter first, gas metering over its
/// result), as data beside the unchanged code. Immutable.
/// </summary>
/// <remarks>
/// <para>A direct <c>call</c> of a defined function: the block charge, if a metered block starts at the call; then the stack height grows
/// by <see cref="StackCost"/>, and the call traps if it exceeds <see cref="MeteringRules.MaxStackHeight"/>; then the function runs; then
/// the height shrinks by the same amount. The gas of that bookkeeping is part of the block charges. Calls of imported functions do not
/// count.</para>
/// <para>Exports, the start function and elements written by segments refer to a thunk of the function. Its entry charges
/// <see cref="ThunkCost"/>, does the same bookkeeping as a direct call, then runs the function. References made by a global's initialiser
/// (<c>ref.func</c>) and calls of imported functions bypass the thunk: no charge and no height.</para>
/// </remarks>
public sealed class ModuleMetering
{
    private readonly WasmModule _module;
    private readonly FunctionMetering?[] _functions;
    private readonly InstructionPrices _prices;
    private readonly FunctionAnalyzer _analyzer;
    private FrameModel? _frames;

    private ModuleMetering(WasmModule module, InstructionPrices prices, FunctionAnalyzer analyzer)
    {
        _module = module;
        _functions = new FunctionMetering?[module.Bodies.Length];
        _prices = prices;
        _analyzer = analyzer;
    }

    /// <summary>Maximum stack height: calls above it trap.</summary>
    public uint MaxStackHeight => _prices.Rules.MaxStackHeight;

    /// <summary>Decodes, validates and meters a module.</summary>
    /// <param name="bytes">The module.</param>
    /// <param name="limits">Limits of its size.</param>
    /// <param name="rules">The prices; null for no metering.</param>
    /// <exception cref="InvalidModuleException">
    /// The module is malformed, invalid, or past a limit; or it is valid, and the reference's instrumentation refuses it.
    /// </exception>
    public static (WasmModule Module, ModuleMetering? Metering) Decode(ReadOnlyMemory<byte> bytes, ModuleLimits limits, MeteringRules? rules)
    {
        WasmModule module = ModuleDecoder.Decode(bytes, limits);

        // One walk over the bodies. A module that it refuses is refused for a reason in the order of the separate walks, which decide then.
        if (rules is not null && TryValidateAndAnalyze(module, rules) is ModuleMetering metering)
        {
            return (module, metering);
        }

        FunctionValidator.ValidateAll(module);
        return (module, rules is null ? null : Analyze(module, rules));
    }

    /// <summary>Meters a validated module. Time and memory are linear in its size.</summary>
    /// <exception cref="InvalidModuleException">
    /// The reference's instrumentation refuses the module, or its result would exceed the module limits.
    /// </exception>
    public static ModuleMetering Analyze(WasmModule module, MeteringRules rules)
    {
        ImportedGlobals.Check(module);
        InstrumentationLimits limits = InstrumentationLimits.Check(module);
        InstructionPrices prices = new(rules);
        ModuleMetering metering = new(module, prices, new FunctionAnalyzer(module, prices, limits));
        for (int i = 0; i < metering._functions.Length; i++)
        {
            metering._functions[i] = metering._analyzer.Analyze(i);
        }

        metering.FindLarge();
        return metering;
    }

    /// <summary>Meters a module accepted by <see cref="Analyze"/> before, function by function on demand.</summary>
    public static ModuleMetering Trust(WasmModule module, MeteringRules rules)
    {
        InstructionPrices prices = new(rules);
        return new ModuleMetering(module, prices, new FunctionAnalyzer(module, prices, InstrumentationLimits.Check(module)));
    }

    /// <summary>The metering of a defined function of the index space.</summary>
    public FunctionMetering Of(int function)
    {
        int index = function - _module.ImportedFunctionCount;
        return Volatile.Read(ref _functions[index]) ?? Find(index);
    }

    /// <summary>
    /// Whether some function might exhaust the reference's machine stack before the limiter's count; the frames of all functions of the
    /// module must then be counted (<see cref="FrameBytes"/>).
    /// </summary>
    public bool CountsFrames { get; private set; }

    /// <summary>
    /// <see cref="CountsFrames"/> by used locals alone. Where it is false, the count never ends a call: an engine whose frames leave out
    /// unused locals need not count.
    /// </summary>
    public bool UsesLargeFrames { get; private set; }

    /// <summary>Bytes of <see cref="FrameModel.Limit"/> per call, counted after the check of the stack height; 0 for imports.</summary>
    public int FrameBytes(int function)
    {
        if (_module.IsImported(function))
        {
            return 0;
        }

        lock (_analyzer)
        {
            _frames ??= new FrameModel(_module);
            return _frames.BytesOf(_module.BodyOf(function), StackCost(function));
        }
    }

    /// <summary>Stack height, in values, of a function's frame; 0 for imported functions.</summary>
    public uint StackCost(int function) => _module.IsImported(function) ? 0 : Of(function).StackCost;

    /// <summary>Milligas of an entry through the function's thunk, charged before the check of the height; 0 for imports.</summary>
    public ulong ThunkCost(int function) =>
        _module.IsImported(function) ? 0 : _prices.Thunk(_module.TypeOf(function).Parameters.Length);

    /// <summary>Validates the bodies of a module and meters it in the same walk; null if either refuses it, whichever is first.</summary>
    private static ModuleMetering? TryValidateAndAnalyze(WasmModule module, MeteringRules rules)
    {
        if (module.ImportedGlobalCount > 0)
        {
            // They are validated a second time, with other types.
            return null;
        }

        try
        {
            InstructionPrices prices = new(rules);
            FunctionAnalyzer analyzer = new(module, prices, InstrumentationLimits.Check(module));
            ModuleMetering metering = new(module, prices, analyzer);
            FunctionValidator validator = new(module, module.Globals);
            ReadOnlySpan<byte> bytes = module.Bytes.Span;
            for (int i = 0; i < metering._functions.Length; i++)
            {
                FunctionBody body = module.Bodies[i];
                validator.Begin(body);
                analyzer.Begin(i);
                InstructionReader instruction = new(bytes, body);
                while (instruction.MoveNext())
                {
                    validator.CheckNext(ref instruction);
                    analyzer.Step(in instruction);
                }

                validator.CheckEnded(body);
                metering._functions[i] = analyzer.Finish();
            }

            metering.FindLarge();
            return metering;
        }
        catch (InvalidModuleException)
        {
            return null;
        }
    }

    /// <summary>
    /// Finds large functions, and references that bypass the limiter: only the machine stack bounds their calls.
    /// </summary>
    private void FindLarge()
    {
        foreach (Global global in _module.Globals)
        {
            if (global.Initial is { Opcode: Opcode.RefFunc })
            {
                CountsFrames = true;
                UsesLargeFrames = true;
                return;
            }
        }

        for (int i = 0; i < _functions.Length && !UsesLargeFrames; i++)
        {
            FunctionBody body = _module.Bodies[i];
            uint stackCost = _functions[i]!.StackCost;
            if (FrameModel.MayBeLarge(_module, body) && FrameModel.IsLarge(_module, body, stackCost))
            {
                CountsFrames = true;
                _frames ??= new FrameModel(_module);
                UsesLargeFrames = _frames.IsLargeByUse(body, stackCost);
            }
        }
    }

    private FunctionMetering Find(int index)
    {
        lock (_analyzer)
        {
            FunctionMetering metering = _functions[index] ?? _analyzer.Analyze(index);
            Volatile.Write(ref _functions[index], metering);
            return metering;
        }
    }
}
