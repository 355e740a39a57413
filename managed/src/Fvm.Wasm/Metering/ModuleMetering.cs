using Fvm.Wasm.Module;

namespace Fvm.Wasm.Metering;

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
    private readonly FunctionMetering[] _functions;
    private readonly InstructionPrices _prices;

    private ModuleMetering(WasmModule module, FunctionMetering[] functions, InstructionPrices prices)
    {
        _module = module;
        _functions = functions;
        _prices = prices;
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
        InstructionPrices prices = new(rules);
        InstrumentationLimits limits = InstrumentationLimits.Check(module);
        FunctionMetering[] functions = new FunctionMetering[module.Bodies.Length];
        FunctionAnalyzer analyzer = new(module, prices, limits);
        for (int i = 0; i < functions.Length; i++)
        {
            functions[i] = analyzer.Analyze(i);
        }

        return new ModuleMetering(module, functions, prices);
    }

    /// <summary>The metering of a defined function of the index space.</summary>
    public FunctionMetering Of(int function) => _functions[function - _module.ImportedFunctionCount];

    /// <summary>What a function adds to the stack height; 0 for imported functions.</summary>
    public uint StackCost(int function) => _module.IsImported(function) ? 0 : Of(function).StackCost;

    /// <summary>Milligas for entering a function through its thunk, charged before the height is checked; 0 for imported functions.</summary>
    public ulong ThunkCost(int function) =>
        _module.IsImported(function) ? 0 : _prices.Thunk(_module.TypeOf(function).Parameters.Length);
}
