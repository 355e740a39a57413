using System.Diagnostics.CodeAnalysis;
using Fvm.Wasm.Fuzz;

namespace Fvm.Wasm.Tests;

/// <summary>A host that allows everything, with functions that do nothing.</summary>
internal sealed unsafe class TestHost : IResourceLimiter
{
    /// <summary>The functions imported by random modules.</summary>
    public static HostTable Table { get; } = new(
        [.. ModuleGenerator.HostFunctions.Select(f => new HostFunction(ModuleGenerator.HostModule, f.Name, TypeOf(f.Parameters, f.Results)))],
        &DoNothing,
        null);

    public bool TryGrowMemory(ulong current, ulong desired) => true;

    public bool TryGrowTable(ulong current, ulong desired) => true;

    /// <summary>Loads, links and instantiates a module on the interpreter.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "the caller disposes of the instance; its code goes with it")]
    public static IWasmInstance Instantiate(byte[] wasm, MeteringRules? rules = null, long gas = long.MaxValue)
    {
        InterpreterEngine engine = new();
        IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, rules);
        ILinkedCode linked = code.Link(Table, out string? failure) ?? throw new InvalidOperationException(failure);
        IWasmInstance instance = linked.Instantiate(new TestHost(), out failure) ?? throw new InvalidOperationException(failure);
        instance.Context->GasLeft = gas;
        return instance;
    }

    private static TrapCode DoNothing(InstanceContext* context, int index, ulong* slots)
    {
        // The upper half is noise: engines must ignore it for a 32-bit result.
        slots[0] = 0xdead_beef_0000_0007;
        return TrapCode.None;
    }

    private static FunctionType TypeOf(string parameters, string results) =>
        new([.. parameters.Select(OpcodeInfo.TypeOf)], [.. results.Select(OpcodeInfo.TypeOf)]);
}
