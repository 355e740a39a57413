using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>Runs an actor's code: creates its kernel and instance, settles gas around it, and maps its end to a result.</summary>
internal sealed class ActorInvoker(MessageExecution execution, IReentry reentry)
{
    private readonly SyscallTable _syscalls = SyscallTable.For(execution.Rules);

    // Preallocated: when it is needed there is no memory for it.
    private readonly Abort _exhausted = Abort.Fatal("the process ran out of memory");

    /// <summary>Invokes a method. From here on the caller sees no syscall errors: a failing actor yields an exit code.</summary>
    public Outcome Invoke(in Call call, ActorId receiver, Entrypoint entrypoint, in Cid code, out InvocationResult result)
    {
        Kernel kernel = new(execution, reentry, call, receiver);
        Outcome outcome = Invoke(kernel, call, entrypoint, code, out result);
        kernel.End();
        return outcome;
    }

    private Outcome Invoke(Kernel kernel, in Call call, Entrypoint entrypoint, in Cid code, out InvocationResult result)
    {
        result = default;
        BlockId parametersId = BlockId.NoData;
        if (call.Parameters is Block parameters)
        {
            if (kernel.Blocks.PutReachable(parameters, out parametersId).Failed(out Outcome refused)) return refused;
        }

        ActorInstance instance = new(kernel, _syscalls);
        BlockId returnId;
        Abort? abort;
        try
        {
            abort = Run(instance, code, parametersId, out returnId);
        }
        finally
        {
            instance.Release();
        }

        if (execution.IsExhausted) return Outcome.Fatal(_exhausted.Message);

        Block? value = null;
        if (abort is null && returnId != BlockId.NoData && !kernel.Blocks.TryGet(returnId, out value))
        {
            abort = Abort.Exit(ExitCode.SysMissingReturn, "returned block does not exist");
        }

        if (abort is null)
        {
            result = new InvocationResult(ExitCode.Ok, value);
            return Outcome.Ok;
        }

        return Finish(abort, instance, entrypoint, out result);
    }

    private Outcome Finish(Abort abort, ActorInstance instance, Entrypoint entrypoint, out InvocationResult result)
    {
        Kernel kernel = instance.Kernel;
        Block? value = null;
        bool missing = abort.Value != BlockId.NoData && !kernel.Blocks.TryGet(abort.Value, out value);
        ExitCode exitCode = missing ? ExitCode.SysMissingReturn : abort.ExitCode;
        if (!exitCode.IsSuccess && entrypoint == Entrypoint.Invoke)
        {
            if (instance.LastError is string cause)
            {
                execution.Backtrace.Begin(cause);
            }

            execution.Backtrace.Push(kernel.Receiver, kernel.Method, exitCode, abort.Message);
        }

        result = new InvocationResult(abort.ExitCode, value);
        return abort.Kind switch
        {
            OutcomeKind.OutOfGas => Outcome.OutOfGas,
            OutcomeKind.Fatal => Outcome.Fatal(abort.Message),

            // Exiting with a block that does not exist is fatal, unlike returning one.
            _ when missing => Outcome.Fatal($"the block {abort.Value.Value} that the actor exited with does not exist"),
            _ => Outcome.Ok,
        };
    }

    private Abort? Run(ActorInstance instance, in Cid code, BlockId parametersId, out BlockId returnId)
    {
        ActorCode actor = execution.Machine.LoadCode(code, _syscalls.Host);
        try
        {
            return Run(instance, actor, code, parametersId, out returnId);
        }
        finally
        {
            actor.Release();
        }
    }

    private Abort? Run(ActorInstance instance, ActorCode actor, in Cid code, BlockId parametersId, out BlockId returnId)
    {
        returnId = BlockId.NoData;
        if (Instantiate(instance, actor, out IWasmInstance? made) is Abort failed) return failed;

        using IWasmInstance wasm = made!;
        execution.StopRequest?.Begin(wasm);
        try
        {
            return Run(instance, actor, code, wasm, parametersId, out returnId);
        }
        finally
        {
            execution.StopRequest?.End();
        }
    }

    private Abort? Run(
        ActorInstance instance, ActorCode actor, in Cid code, IWasmInstance wasm, BlockId parametersId, out BlockId returnId)
    {
        returnId = BlockId.NoData;
        if (Initialize(instance, wasm) is Abort refused) return refused;
        if (execution.Rules.Machine.MissingEntryIsFatal && !actor.EntryIsCallable)
        {
            return Abort.Fatal($"the code {code} has no entry point of type (i32) -> i32");
        }

        return actor.Entry is int entry
            ? Enter(instance, actor, code, wasm, entry, parametersId, out returnId)
            : Abort.Exit(ExitCode.SysInvalidReceiver, $"the code {code} has no entry point");
    }

    /// <summary>Charges for the initial memory and table, and creates the instance without running any of its code.</summary>
    private Abort? Instantiate(ActorInstance instance, ActorCode actor, out IWasmInstance? wasm)
    {
        wasm = null;
        if (actor.Failure is string broken) return Abort.Fatal(broken);
        if (actor.MemoryBytes is not ulong memoryBytes) return Abort.Fatal("actor has no memory export");

        bool settles = execution.Rules.ChargesMemory;
        if (settles && instance.ChargeForInit(memoryBytes, actor.TableElements).Failed(out Outcome outcome)) return Abort.From(outcome);

        if (actor.Linked is not ILinkedCode linked) return Abort.Fatal($"failed to link actor module: {actor.LinkFailure}");

        // Nothing of the instance runs yet, but the settlement counts from here, and includes the initial memory.
        InstanceContext before = default;
        instance.UpdateGasAvailable(ref before);
        wasm = linked.Instantiate(execution.Limiter, out string? refused);
        if (wasm is not null)
        {
            ref InstanceContext context = ref wasm.State();
            context.HostState = instance.Handle;
            context.GasLeft = before.GasLeft;
            return null;
        }

        if (settles && instance.ChargeForExec(before).Failed(out outcome)) return Abort.From(outcome);

        return InstantiationFailed(refused);
    }

    /// <summary>Runs the module's initialisation: its segments and its start function.</summary>
    private Abort? Initialize(ActorInstance instance, IWasmInstance wasm)
    {
        ref InstanceContext context = ref wasm.State();
        context.HostStackLimit = execution.Stack.Limit;
        execution.Stack.Need(NativeStack.PerInstance);
        TrapCode trap = wasm.Initialize();
        if (IsCutShort(trap)) return _exhausted;

        if (execution.Rules.ChargesMemory && instance.ChargeForExec(context).Failed(out Outcome outcome)) return Abort.From(outcome);

        return trap == TrapCode.None ? null : instance.Parked ?? InstantiationFailed(trap.ToString());
    }

    /// <summary>Calls the entry point, settles gas, and returns how it ended; null if it returned.</summary>
    private Abort? Enter(
        ActorInstance instance, ActorCode actor, in Cid code, IWasmInstance wasm, int entry, BlockId parametersId, out BlockId returnId)
    {
        returnId = BlockId.NoData;
        ref InstanceContext context = ref wasm.State();
        instance.IsStarted = true;
        instance.UpdateGasAvailable(ref context);
        Span<ulong> slots = [parametersId.Value];
        TrapCode trap = actor.EntryIsCallable ? wasm.Call(entry, slots) : TrapCode.None;
        if (IsCutShort(trap)) return _exhausted;

        if (instance.ChargeForExec(context).Failed(out Outcome outcome)) return Abort.From(outcome);

        if (!actor.EntryIsCallable) return Abort.Fatal($"the entry point of {code} has another type than (i32) -> i32");

        returnId = new BlockId((uint)slots[0]);
        return trap switch
        {
            TrapCode.None => null,
            TrapCode.HostFault => instance.Parked ?? Abort.Fatal("the host gave no reason for unwinding"),
            _ => Abort.Exit(ExitCode.SysIllegalInstruction, trap.ToString()),
        };
    }

    // The code itself ends at a host's wish to stop.
    private bool IsCutShort(TrapCode trap) => execution.IsExhausted || (trap == TrapCode.HostFault && execution.IsStopped());

    private Abort InstantiationFailed(string? reason) => execution.Rules.Machine.FailedInstantiationIsFatal
        ? Abort.Fatal($"failed to instantiate module: {reason}")
        : Abort.Exit(ExitCode.SysIllegalInstruction, $"failed to instantiate module: {reason}");
}
