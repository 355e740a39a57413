using System.Runtime.InteropServices;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// The host's view of an actor's running instance: its kernel, and how far its gas is settled. Machine code decrements a counter of its own;
/// at each syscall, and when the actor ends, the difference is charged; after each syscall the counter is set to the remaining gas.
/// </summary>
internal sealed class ActorInstance
{
    private readonly GCHandle _handle;
    private Gas _lastGas;
    private ulong _lastMemory;
    private SyscallRow? _lastFailed;
    private Outcome _lastOutcome;

    /// <param name="kernel">The invocation's kernel.</param>
    /// <param name="syscalls">The linked syscalls.</param>
    public ActorInstance(Kernel kernel, SyscallTable syscalls)
    {
        Kernel = kernel;
        Syscalls = syscalls;
        _lastMemory = kernel.Execution.Limiter.Used;
        _handle = GCHandle.Alloc(this);
    }

    /// <summary>The invocation's kernel.</summary>
    public Kernel Kernel { get; }

    /// <summary>The linked syscalls.</summary>
    public SyscallTable Syscalls { get; }

    /// <summary>Whether the host knows the instance's memory: not during the start function, which therefore cannot make syscalls.</summary>
    public bool IsStarted { get; set; }

    /// <summary>The last syscall's error, the probable cause if the actor aborts next. Human-readable.</summary>
    public string? LastError => _lastFailed is SyscallRow row
        ? $"{row.Module}::{row.Name} -- {_lastOutcome.Message} ({(uint)_lastOutcome.ErrorNumber}: {_lastOutcome.ErrorNumber})"
        : null;

    /// <summary>The reason for unwinding the instance.</summary>
    public Abort? Parked { get; private set; }

    /// <summary>The handle in the instance's context from which the gate finds this object.</summary>
    public nint Handle => GCHandle.ToIntPtr(_handle);

    private GasTracker Gas => Kernel.Execution.Gas;

    private MemoryLimiter Limiter => Kernel.Execution.Limiter;

    /// <summary>The instance behind a context's handle.</summary>
    public static ActorInstance Of(nint hostState) => (ActorInstance)GCHandle.FromIntPtr(hostState).Target!;

    /// <summary>To be called after the Wasm instance is gone.</summary>
    public void Release() => _handle.Free();

    /// <summary>Records a syscall's error; its text is formatted on demand, since actors may fail often and continue.</summary>
    public void NoteError(SyscallRow row, in Outcome outcome)
    {
        _lastFailed = row;
        _lastOutcome = outcome;
    }

    /// <summary>Clears the last error: a syscall succeeded.</summary>
    public void ForgetError() => _lastFailed = null;

    /// <summary>Stores the reason for unwinding here, as machine code cannot carry it.</summary>
    public TrapCode Park(Abort abort)
    {
        Parked = abort;
        return TrapCode.HostFault;
    }

    /// <summary>Charges for the module's initial memory and table; growth is charged by the module's own code.</summary>
    public Outcome ChargeForInit(ulong memoryBytes, ulong? tableElements)
    {
        PriceList prices = Kernel.Execution.Prices;

        // The settlement after instantiation must not count this memory again as growth.
        _lastMemory += memoryBytes;
        if (tableElements is ulong elements && !Gas.TryCharge(ChargeNames.WasmTableInit, prices.OfTable(elements))) return Outcome.OutOfGas;

        return Outcome.Charged(Gas.TryCharge(ChargeNames.WasmMemoryInit, prices.OfMemory(memoryBytes)));
    }

    /// <summary>Charges the gas used by the instance since the last settlement, split in traces into execution and memory growth.</summary>
    public Outcome ChargeForExec(in InstanceContext context)
    {
        long left = context.GasLeft;

        // A negative counter: the instance owes more than it had, and charging it makes the message run out of gas.
        Gas exec = left < 0
            ? _lastGas + Fvm.Gas.OfMilli((ulong)-left)
            : _lastGas - Fvm.Gas.OfMilli((ulong)left);

        // Otherwise what is settled here would be settled again if the counter is not reset. A negative counter runs out of gas anyway.
        if (!Kernel.Execution.Rules.Machine.RefusedResultsRepeatExecutionGas && left >= 0)
        {
            _lastGas = Fvm.Gas.OfMilli((ulong)left);
        }

        ulong used = Limiter.Used;
        Gas memory = Kernel.Execution.Prices.OfMemory(used > _lastMemory ? used - _lastMemory : 0);
        if (memory <= exec)
        {
            exec -= memory;
        }
        else
        {
            memory = exec;
            exec = Fvm.Gas.Zero;
        }

        if (!Gas.TryCharge(ChargeNames.WasmExec, exec)) return Outcome.OutOfGas;

        return memory == Fvm.Gas.Zero ? Outcome.Ok : Outcome.Charged(Gas.TryCharge(ChargeNames.WasmMemoryGrow, memory));
    }

    /// <summary>Sets the instance's counter to the remaining gas, the base of the next settlement.</summary>
    public void UpdateGasAvailable(ref InstanceContext context)
    {
        _lastGas = Gas.Available;

        // The tracker's limit is at most 2^63 - 1 milligas.
        context.GasLeft = (long)_lastGas.Milli;
        _lastMemory = Limiter.Used;
    }
}
