using System.Globalization;
using System.Text;

namespace Fvm.Wasm.Fuzz;

/// <summary>Runs a module on an engine with several gas limits and records everything observable.</summary>
internal static class ModuleRunner
{
    private const long Plenty = 200_000;

    /// <summary>How large modules may be: as networks have it.</summary>
    public static ModuleLimits Limits { get; } = new()
    {
        Types = 1_000_000,
        Functions = 1_000_000,
        Imports = 1_000_000,
        Exports = 1_000_000,
        Globals = 1_000_000,
        ElementSegments = 100_000,
        DataSegments = 100_000,
        TableEntries = 10_000_000,
        Parameters = 1_000,
        Results = 1_000,
        Locals = 50_000,
        TypeSize = 1_000_000,
        BranchTargets = 65_520,
        InstancePages = 8_192,
        InstanceElements = 20_000,
        InstanceBytes = 1 << 20,
    };

    /// <summary>Prices at which no loop is free. Odd, so that a sum identifies its terms.</summary>
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

    /// <summary>The same with the stack height of networks, for deep recursion.</summary>
    public static MeteringRules DeepRules { get; } = Rules with { MaxStackHeight = 2048 };

    /// <param name="engine">The engine.</param>
    /// <param name="wasm">The module.</param>
    /// <param name="seed">Determines arguments, gas limits and the stack height.</param>
    /// <param name="showsFailures">
    /// Whether to record the reason of a refusal, and the state after a failed instantiation: engines of other projects have their own.
    /// </param>
    public static RunOutcome Run(IWasmEngine engine, byte[] wasm, ulong seed, bool showsFailures = true)
    {
        List<string> lines = [];
        IWasmCode code;
        try
        {
            code = engine.Load(wasm, Limits, seed % 4 == 0 ? DeepRules : Rules);
        }
        catch (InvalidModuleException e)
        {
            return new RunOutcome([showsFailures ? $"refused: {e.Message}" : "refused"]);
        }

        bool countsFrames = code is InterpreterCode { CountsFrames: true } or CompiledCode { Metering.CountsFrames: true };
        using (code)
        {
            ILinkedCode? linked = code.Link(FuzzHost.Table, out string? failure);
            if (linked is null)
            {
                return new RunOutcome([$"not linked: {failure}"]);
            }

            Randomness random = new(seed);
            long mostUsed = Run(linked, code.Module, Plenty, random, showsFailures, lines);
            for (int i = 0; i < 3; i++)
            {
                Run(linked, code.Module, 1 + random.Below(2000), random, showsFailures, lines);
            }

            // Gas limits that run out in the middle, whatever a call costs.
            for (int i = 0; i < 2; i++)
            {
                Run(linked, code.Module, 1 + random.Below(1 + (int)Math.Min(mostUsed, Plenty)), random, showsFailures, lines);
            }
        }

        return new RunOutcome(lines, countsFrames);
    }

    /// <returns>The highest gas use of a call.</returns>
    // Sound: the instance, and with it the context, lives until the end of this method.
    private static unsafe long Run(
        ILinkedCode linked, WasmModule module, long gas, Randomness random, bool showsFailures, List<string> lines)
    {
        using FuzzHost host = new();
        using IWasmInstance? instance = linked.Instantiate(host, out string? failure);
        if (instance is null)
        {
            lines.Add($"not instantiated: {failure}");
            return 0;
        }

        instance.Context->GasLeft = gas;
        instance.Context->HostState = host.Handle;
        TrapCode trap = instance.Initialize();
        if (trap != TrapCode.None && !showsFailures)
        {
            lines.Add($"initialize {trap} gas {instance.Context->GasLeft} host {host.Digest:x}");
            return 0;
        }

        Observe("initialize", trap, null, instance.Context, module, host, lines);
        long mostUsed = 0;
        Span<ulong> slots = stackalloc ulong[16];

        // A trap ends the run, so each run starts with a different function.
        int first = random.Below(module.Exports.Length);
        for (int turn = 0; turn < module.Exports.Length && trap == TrapCode.None; turn++)
        {
            Export export = module.Exports[(first + turn) % module.Exports.Length];

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
            mostUsed = Math.Max(mostUsed, gas - instance.Context->GasLeft);
            Observe(export.Name, trap, type.Result == ValueKind.Empty ? null : slots[0], instance.Context, module, host, lines);
        }

        return mostUsed;
    }

    // Sound: the context belongs to a living instance, with MemoryLength bytes from MemoryBase, which the host bounds by 2^18, and one
    // global for each of the module.
    private static unsafe void Observe(
        string step, TrapCode trap, ulong? result, InstanceContext* context, WasmModule module, FuzzHost host, List<string> lines)
    {
        string value = trap == TrapCode.None && result is ulong bits ? $" = {bits:x}" : "";
        ulong memory = DigestOf(new ReadOnlySpan<byte>(context->MemoryBase, (int)context->MemoryLength));
        StringBuilder globals = new();
        for (int i = 0; i < module.Globals.Length; i++)
        {
            // The representation of references is private to each engine.
            if (module.Globals[i].Type.Type != ValueKind.FuncRef)
            {
                globals.Append(' ').Append(context->Globals[i].ToString("x", CultureInfo.InvariantCulture));
            }
        }

        string height = trap == TrapCode.None ? $" height {context->StackHeight}" : "";
        lines.Add(
            $"{step}{value} {trap} gas {context->GasLeft}{height} memory {context->MemoryLength} {memory:x} table {context->TableLength} " +
            $"globals{globals} host {host.Digest:x}");
    }

    private static ulong DigestOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0;
        // Sound: Cast covers the whole words of the span.
        foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = System.Numerics.BitOperations.RotateLeft((hash ^ word) * 0x9e3779b97f4a7c15, 31);
        }

        return hash;
    }
}
