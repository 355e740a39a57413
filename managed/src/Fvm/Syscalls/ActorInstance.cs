using System.Runtime.InteropServices;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// An actor's running instance as the host knows it: its kernel, and how far its gas has been settled. Machine code takes gas from a
/// counter of its own; at each syscall, and when the actor ends, the difference is charged, and after each syscall the counter is set to
/// what is left.
/// </summary>
internal sealed class ActorInstance
{
    private readonly GCHandle _handle;
    private Gas _lastGas;
    private ulong _lastMemory;
    private SyscallRow? _lastFailed;
    private Outcome _lastOutcome;

    /// <param name="kernel">What the actor may do.</param>
    /// <param name="syscalls">The syscalls that it was linked to.</param>
    public ActorInstance(Kernel kernel, SyscallTable syscalls)
    {
        Kernel = kernel;
        Syscalls = syscalls;
        _lastMemory = kernel.Execution.Limiter.Used;
        _handle = GCHandle.Alloc(this);
    }

    /// <summary>What the actor may do.</summary>
    public Kernel Kernel { get; }

    /// <summary>The syscalls that it was linked to.</summary>
    public SyscallTable Syscalls { get; }

    /// <summary>Whether the memory is known to the host: not while the start function runs, so that it cannot make syscalls.</summary>
    public bool IsStarted { get; set; }

    /// <summary>The last syscall's error, which an actor that aborts next was probably killed by. For people.</summary>
    public string? LastError => _lastFailed is SyscallRow row
        ? $"{row.Module}::{row.Name} -- {_lastOutcome.Message} ({(uint)_lastOutcome.ErrorNumber}: {_lastOutcome.ErrorNumber})"
        : null;

    /// <summary>Why a syscall unwinds the instance.</summary>
    public Abort? Parked { get; private set; }

    /// <summary>What the instance's context carries so that the gate finds its way back here.</summary>
    public nint Handle => GCHandle.ToIntPtr(_handle);

    private GasTracker Gas => Kernel.Execution.Gas;

    private MemoryLimiter Limiter => Kernel.Execution.Limiter;

    /// <summary>The instance of a context's host state.</summary>
    public static ActorInstance Of(nint hostState) => (ActorInstance)GCHandle.FromIntPtr(hostState).Target!;

    /// <summary>To be called once the Wasm instance is gone.</summary>
    public void Release() => _handle.Free();

    /// <summary>Notes how a syscall failed; the text is made when somebody asks, since actors may fail all the time and go on.</summary>
    public void NoteError(SyscallRow row, in Outcome outcome)
    {
        _lastFailed = row;
        _lastOutcome = outcome;
    }

    /// <summary>Forgets the last error: a syscall succeeded.</summary>
    public void ForgetError() => _lastFailed = null;

    /// <summary>Leaves the reason for unwinding here; machine code cannot carry it.</summary>
    public TrapCode Park(Abort abort)
    {
        Parked = abort;
        return TrapCode.HostFault;
    }

    /// <summary>Charges for the memory and table that the module starts with; growing beyond is charged by the module's own code.</summary>
    public Outcome ChargeForInit(ulong memoryBytes, ulong? tableElements)
    {
        PriceList prices = Kernel.Execution.Prices;

        // The settlement that follows instantiation must not show this memory again as grown.
        _lastMemory += memoryBytes;
        if (tableElements is ulong elements && !Gas.TryCharge(ChargeNames.WasmTableInit, prices.OfTable(elements))) return Outcome.OutOfGas;

        return Outcome.Charged(Gas.TryCharge(ChargeNames.WasmMemoryInit, prices.OfMemory(memoryBytes)));
    }

    /// <summary>Charges the gas that the instance used since the last settlement, split for the trace into execution and memory growth.</summary>
    public Outcome ChargeForExec(in InstanceContext context)
    {
        long left = context.GasLeft;

        // Below zero the instance owes more than it had: charging both makes the message run out of gas.
        Gas exec = left < 0
            ? _lastGas + Fvm.Gas.OfMilli((ulong)-left)
            : _lastGas - Fvm.Gas.OfMilli((ulong)left);

        // What is settled here would be settled again unless the counter is set anew. Below zero it runs out of gas anyway.
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

    /// <summary>Sets the instance's counter to the gas that is left, and settles from here on.</summary>
    public void UpdateGasAvailable(ref InstanceContext context)
    {
        _lastGas = Gas.Available;

        // The tracker's limit is at most 2^63 - 1 milligas.
        context.GasLeft = (long)_lastGas.Milli;
        _lastMemory = Limiter.Used;
    }
}
