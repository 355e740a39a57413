using System.Runtime.InteropServices;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// The only gate through which actors enter the host. For each syscall: settle execution gas, charge the syscall, check that the result has a
/// place in memory, run the handler, reset the gas counter. No exception passes it.
/// </summary>
internal static class SyscallGate
{
    /// <summary>The gate for engines in managed code.</summary>
    // Sound: the engine passes the live context of the calling instance, and as many slots as the import's type has parameters (at
    // least one); it keeps both in place until the gate returns.
    public static unsafe TrapCode Enter(InstanceContext* context, int index, ulong* slots)
    {
        ActorInstance instance = ActorInstance.Of(context->HostState);
        MessageExecution execution = instance.Kernel.Execution;
        try
        {
            return Enter(instance, execution, context, index, slots);
        }
        catch (Exception e)
        {
            // The last barrier: it allocates nothing. Only out of memory gets here, perhaps while formatting another failure.
            execution.Exhaust(e);
            return TrapCode.HostFault;
        }
    }

    /// <summary>The gate for machine code.</summary>
    // Sound: as above; the caller is machine code with this signature, and no exception leaves.
    [UnmanagedCallersOnly]
    public static unsafe int EnterUnmanaged(InstanceContext* context, int index, ulong* slots) => (int)Enter(context, index, slots);

    // Sound: the span covers the slots passed by the engine, of which there is at least one.
    private static unsafe TrapCode Enter(ActorInstance instance, MessageExecution execution, InstanceContext* context, int index, ulong* slots)
    {
        try
        {
            SyscallRow row = instance.Syscalls.Rows[index];
            return Run(instance, row, ref *context, new Span<ulong>(slots, Math.Max(row.ArgumentCount, 1)), MemoryOf(context));
        }
        catch (Exception e) when (execution.IsOfMessage(e))
        {
            return instance.Park(Abort.Fatal(e is FatalException ? e.Message : UnforeseenFailure.Describe(e)));
        }
    }

    // Sound: the memory neither moves nor shrinks during a syscall, since only the instance's own code grows it.
    private static unsafe Span<byte> MemoryOf(InstanceContext* context) => new(context->MemoryBase, checked((int)context->MemoryLength));

    private static TrapCode Run(ActorInstance instance, SyscallRow row, ref InstanceContext context, Span<ulong> slots, Span<byte> memory)
    {
        if (!instance.IsStarted)
        {
            // The reference panics here and stays broken; a fatal error for one message suffices.
            return instance.Park(Abort.Fatal($"the start function called {row.Module}.{row.Name}"));
        }

        MessageExecution execution = instance.Kernel.Execution;
        if (execution.IsStopped()) return TrapCode.HostFault;

        Outcome outcome = instance.ChargeForExec(context);
        if (!outcome.IsOk) return instance.Park(Abort.From(outcome));

        Gas gasBefore = execution.RecordsSyscalls ? execution.Gas.Available : default;
        if (!execution.TryCharge(execution.Prices.OnSyscall())) return instance.Park(Abort.OutOfGas());

        ReadOnlySpan<ulong> arguments = slots;
        Span<byte> result = default;
        if (row.ResultSize > 0)
        {
            uint at = (uint)slots[0];
            if (at > (uint)memory.Length || (uint)memory.Length - at < (uint)row.ResultSize)
            {
                // The counter is not reset, as in the reference: the gas just settled is charged again at the next settlement.
                instance.NoteError(row, Outcome.Error(ErrorNumber.IllegalArgument, "no space for return value"));
                slots[0] = (ulong)ErrorNumber.IllegalArgument;
                return TrapCode.None;
            }

            arguments = arguments[1..];
            result = memory.Slice((int)at, row.ResultSize);
        }

        SyscallFrame frame = new(instance, arguments, memory, result);
        try
        {
            outcome = row.Handle(ref frame);
        }
        catch (Exception e) when (execution.IsOfMessage(e))
        {
            // Like every other fatal error, only after the counter is reset: otherwise the final settlement would charge twice.
            outcome = Outcome.Fatal(e is FatalException ? e.Message : UnforeseenFailure.Describe(e));
        }

        if (execution.IsExhausted) return TrapCode.HostFault;

        if (execution.RecordsSyscalls)
        {
            SyscallBuffers.Record(row, in frame, outcome, gasBefore);
        }

        TrapCode trap = TrapCode.None;
        switch (outcome.Kind)
        {
            case OutcomeKind.Ok:
                instance.ForgetError();
                slots[0] = 0;
                break;
            case OutcomeKind.Error:
                instance.NoteError(row, outcome);
                slots[0] = (ulong)outcome.ErrorNumber;
                break;
            case OutcomeKind.Exit:
                // The handler has parked how the actor ended.
                trap = TrapCode.HostFault;
                break;
            default:
                trap = instance.Park(Abort.From(outcome));
                break;
        }

        instance.UpdateGasAvailable(ref context);
        return trap;
    }
}
