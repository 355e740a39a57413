using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>The functions that Wasmtime calls. No exception leaves them: Wasmtime's frames cannot be unwound.</summary>
// Sound: Wasmtime passes the entry that a function was defined with, and as many values as its type has parameters or results; the store's
// data is the state of the running instance.
internal static unsafe class HostCalls
{
    private const uint Refused = uint.MaxValue;

    /// <summary>A function of the host.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static nint Call(ImportEntry* import, nint caller, RawValue* values, nuint count)
    {
        WasmtimeFunctions* functions = import->Functions;
        nint store = functions->CallerContext(caller);
        InstanceState* state = (InstanceState*)functions->ContextData(store);
        InstanceContext* context = state->Context;
        ulong* slots = stackalloc ulong[Math.Max(import->ParameterCount, 1)];
        for (int i = 0; i < import->ParameterCount; i++)
        {
            slots[i] = IsNarrow((ValueKind)import->Parameters[i]) ? (uint)values[i].Bits : values[i].Bits;
        }

        if (state->HasGrown && !WasmtimeInstance.TryUpdateMemory(functions, store, state))
        {
            return NewTrap(functions);
        }

        long before = 0;
        if (state->IsMetered)
        {
            before = context->GasLeft = GasOf(functions, store, state);
        }

        TrapCode trap = import->Gate(context, import->HostIndex, slots);
        if (state->IsMetered && context->GasLeft != before)
        {
            SetGas(functions, store, state, context->GasLeft);
        }

        if (trap != TrapCode.None)
        {
            InstanceOf(state).HostTrap = trap;
            return NewTrap(functions);
        }

        if (import->Result != ValueKind.Empty)
        {
            values[0].Bits = IsNarrow(import->Result) ? (uint)slots[0] : slots[0];
        }

        return 0;
    }

    /// <summary>The veto on growth of the memory.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static nint MayGrowMemory(ImportEntry* import, nint caller, RawValue* values, nuint count) =>
        MayGrow(import->Functions, caller, values, isMemory: true);

    /// <summary>The veto on growth of the table.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static nint MayGrowTable(ImportEntry* import, nint caller, RawValue* values, nuint count) =>
        MayGrow(import->Functions, caller, values, isMemory: false);

    /// <summary>Lets code continue until the epoch's next change, or ends it if it is to stop.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static nint AtDeadline(nint store, DeadlineData* data, ulong* delta, byte* kind)
    {
        *delta = 1;
        *kind = 0;
        byte end = 0;
        return Volatile.Read(ref data->State->Context->IsStopped) == 0 ? 0 : data->Functions->ErrorNew(&end);
    }

    public static long GasOf(WasmtimeFunctions* functions, nint store, InstanceState* state)
    {
        Value value;
        functions->GlobalGet(store, &state->Gas, &value);
        return (long)value.Bits;
    }

    public static void SetGas(WasmtimeFunctions* functions, nint store, InstanceState* state, long gas)
    {
        // Fails for values of another type only.
        Value value = new() { Kind = Kinds.I64, Bits = (ulong)gas };
        functions->GlobalSet(store, &state->Gas, &value);
    }

    private static nint MayGrow(WasmtimeFunctions* functions, nint caller, RawValue* values, bool isMemory)
    {
        InstanceState* state = (InstanceState*)functions->ContextData(functions->CallerContext(caller));
        WasmtimeInstance instance = InstanceOf(state);
        try
        {
            uint delta = (uint)values[0].Bits;
            values[0].Bits = (isMemory ? instance.MayGrowMemory(delta) : instance.MayGrowTable(delta)) ? delta : Refused;
            return 0;
        }
        catch (Exception e)
        {
            instance.Fault = e;
            return NewTrap(functions);
        }
    }

    private static bool IsNarrow(ValueKind kind) => kind is ValueKind.I32 or ValueKind.F32;

    /// <summary>The instance that a state belongs to.</summary>
    public static WasmtimeInstance InstanceOf(InstanceState* state) => (WasmtimeInstance)GCHandle.FromIntPtr(state->Owner).Target!;

    private static nint NewTrap(WasmtimeFunctions* functions) => functions->TrapNew(WasmtimeTraps.Interrupt);
}
