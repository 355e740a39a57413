namespace Fvm.Wasm;

/// <summary>
/// The metering of a module: what the reference would inject into its code (fvm-wasm-instrument 0.4: the stack limiter first, gas metering
/// over its result), as data beside the code. Immutable.
/// </summary>
/// <remarks>
/// <para>A direct <c>call</c> of a defined function: its block is charged if one starts at the call; then the stack height grows by
/// <see cref="StackCost"/> and the call traps if it is above <see cref="MeteringRules.MaxStackHeight"/>; then the function runs; then the
/// height shrinks again. The gas of that bookkeeping is part of the block charges. Calls of imported functions do not count.</para>
/// <para>Exports, the start function and the elements that segments write refer to a thunk of the function instead. Entering one charges
/// <see cref="ThunkCost"/>, then does the same bookkeeping as a direct call, then runs the function. References that a global's
/// initialiser makes (<c>ref.func</c>) and calls of imported functions go straight to the function: no charge and no height.</para>
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

    /// <summary>The height past which calls trap.</summary>
    public uint MaxStackHeight => _prices.Rules.MaxStackHeight;

    /// <summary>Meters a validated module. Time and memory are linear in its size.</summary>
    /// <exception cref="InvalidModuleException">
    /// The reference's instrumentation refuses the module, or its result would break the limits of modules.
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

    /// <summary>Meters a module that <see cref="Analyze"/> has accepted before: each function when it is asked for.</summary>
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
    /// Whether some function might use up the reference's machine stack before the limiter's count: then what each of the module's functions
    /// takes of it has to be counted (<see cref="FrameBytes"/>).
    /// </summary>
    public bool CountsFrames { get; private set; }

    /// <summary>
    /// The same by the locals that functions use alone. Where it does not hold, counting never ends a call: an engine whose frames have no room
    /// for unused locals need not count.
    /// </summary>
    public bool UsesLargeFrames { get; private set; }

    /// <summary>Bytes of <see cref="FrameModel.Limit"/> that a call takes, after its stack height is checked; 0 for imported functions.</summary>
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

    /// <summary>What a function adds to the stack height; 0 for imported functions.</summary>
    public uint StackCost(int function) => _module.IsImported(function) ? 0 : Of(function).StackCost;

    /// <summary>Milligas for entering a function through its thunk, charged before the height is checked; 0 for imported functions.</summary>
    public ulong ThunkCost(int function) =>
        _module.IsImported(function) ? 0 : _prices.Thunk(_module.TypeOf(function).Parameters.Length);

    /// <summary>
    /// Looks for functions that are large, and for references that lead past the limiter: nothing but the machine's stack ends their calls.
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
