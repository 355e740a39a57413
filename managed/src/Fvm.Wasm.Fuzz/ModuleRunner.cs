using Fvm.Wasm.Metering;
using Fvm.Wasm.Module;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Fuzz;

/// <summary>Runs a module on an engine with several gas limits and notes what can be observed.</summary>
public static unsafe class ModuleRunner
{
    private const long Plenty = 200_000;

    /// <summary>Prices that let no loop run for free. Odd, so that sums tell what was added.</summary>
    public static MeteringRules Rules { get; } = new()
    {
        InstructionDefault = 3,
        MathDefault = 5,
        JumpUnconditional = 7,
        JumpConditional = 11,
        JumpIndirect = 13,
        Call = 17,
        MemoryFillBase = 19,
        MemoryAccess = 23,
        MemoryFillPerByte = 1,
        MemoryCopyPerByte = 2,
        MaxStackHeight = 120,
    };

    /// <param name="engine">The engine.</param>
    /// <param name="wasm">The module.</param>
    /// <param name="seed">Decides arguments and gas limits.</param>
    public static RunOutcome Run(IWasmEngine engine, byte[] wasm, ulong seed)
    {
        List<string> lines = [];
        IWasmCode code;
        try
        {
            code = engine.Load(wasm, Rules);
        }
        catch (InvalidModuleException e)
        {
            return new RunOutcome([$"refused: {e.Message}"]);
        }

        using (code)
        {
            ILinkedCode? linked = code.Link(FuzzHost.Table, out string? failure);
            if (linked is null)
            {
                return new RunOutcome([$"not linked: {failure}"]);
            }

            Randomness random = new(seed);
            Run(linked, code.Module, Plenty, random, lines);
            for (int i = 0; i < 3; i++)
            {
                Run(linked, code.Module, 1 + random.Below(2000), random, lines);
            }
        }

        return new RunOutcome(lines);
    }

    private static void Run(ILinkedCode linked, WasmModule module, long gas, Randomness random, List<string> lines)
    {
        using FuzzHost host = new();
        using IWasmInstance? instance = linked.Instantiate(host, out string? failure);
        if (instance is null)
        {
            lines.Add($"not instantiated: {failure}");
            return;
        }

        instance.Context->GasLeft = gas;
        instance.Context->HostState = host.Handle;
        TrapCode trap = instance.Initialize();
        Observe("initialize", trap, null, instance.Context, module, host, lines);
        Span<ulong> slots = stackalloc ulong[16];
        foreach (Export export in module.Exports)
        {
            if (trap != TrapCode.None)
            {
                return;
            }

            FunctionType type = module.TypeOf(export.Index);
            for (int i = 0; i < type.Parameters.Length; i++)
            {
                slots[i] = type.Parameters[i] switch
                {
                    ValueKind.I32 => (uint)random.Interesting(),
                    ValueKind.I64 => random.Interesting(),
                    ValueKind kind => random.InterestingFloat(kind == ValueKind.F64),
                };
            }

            instance.Context->GasLeft = gas;
            trap = instance.Call(export.Index, slots);
            Observe(export.Name, trap, type.Result == ValueKind.Empty ? null : slots[0], instance.Context, module, host, lines);
        }
    }

    private static void Observe(
        string step, TrapCode trap, ulong? result, InstanceContext* context, WasmModule module, FuzzHost host, List<string> lines)
    {
        string value = trap == TrapCode.None && result is ulong bits ? $" = {bits:x}" : "";
        ulong memory = DigestOf(new ReadOnlySpan<byte>(context->MemoryBase, (int)context->MemoryLength));
        string globals = Convert.ToHexString(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(context->Globals, module.Globals.Length)));
        string height = trap == TrapCode.None ? $" height {context->StackHeight}" : "";
        lines.Add(
            $"{step}{value} {trap} gas {context->GasLeft}{height} memory {context->MemoryLength} {memory:x} table {context->TableLength} " +
            $"globals {globals} host {host.Digest:x}");
    }

    private static ulong DigestOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0;
        foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = System.Numerics.BitOperations.RotateLeft((hash ^ word) * 0x9e3779b97f4a7c15, 31);
        }

        return hash;
    }
}
