using System.Runtime.InteropServices;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>An instance: a store of Wasmtime's with one instance in it, made when it is initialised.</summary>
// Sound: context, state and globals are one block at a fixed address, freed after the store, whose calls alone use it; handles of exports
// belong to the store; the linked code outlives its instances.
internal sealed unsafe partial class WasmtimeInstance : IWasmInstance
{
    private readonly WasmtimeLinkedCode _linked;
    private readonly WasmtimeFunctions* _functions;
    private readonly IResourceLimiter _limiter;
    private readonly DeadlineData* _deadline;
    private readonly InstanceState* _state;
    private InstanceContext* _context;
    private nint _owned;
    private nint _store;
    private InstanceHandle _instance;
    private GlobalHandle _height;
    private FunctionHandle _entry;
    private int _entryIndex = ExportPositions.None;
    private bool _running;

    public WasmtimeInstance(WasmtimeLinkedCode linked, IResourceLimiter limiter)
    {
        _linked = linked;
        _limiter = limiter;
        _functions = linked.Code.Engine.Library.Functions;
        WasmModule module = linked.Code.Module;
        nuint size = (nuint)(sizeof(InstanceContext) + sizeof(InstanceState) + sizeof(DeadlineData) + (module.Globals.Length * sizeof(ulong)));
        _context = (InstanceContext*)NativeMemory.AllocZeroed(size);
        _state = (InstanceState*)(_context + 1);
        _deadline = (DeadlineData*)(_state + 1);
        _context->Globals = (ulong*)(_deadline + 1);
        _context->StackLimit = linked.Code.StackLimit;
        _state->Context = _context;
        _state->IsMetered = linked.Compiled.Exports.Gas != ExportPositions.None;
        _deadline->Functions = _functions;
        _deadline->State = _state;
        _context->MemoryLength = (ulong)(linked.Resources.Memory?.Minimum ?? 0) * LinearMemory.PageSize;
        _context->TableLength = linked.Resources.Table?.Minimum ?? 0;
    }

    ~WasmtimeInstance() => Free();

    /// <inheritdoc/>
    public InstanceContext* Context => _context;

    /// <summary>What a host function unwound with.</summary>
    public TrapCode HostTrap { get; set; }

    /// <summary>Exception of the host outside of its gate, to be thrown where the instance was entered.</summary>
    public Exception? Fault { get; set; }

    /// <inheritdoc/>
    public TrapCode Initialize()
    {
        WasmtimeEngine engine = _linked.Code.Engine;
        _state->Owner = GCHandle.ToIntPtr(GCHandle.Alloc(this, GCHandleType.Weak));
        _owned = _functions->StoreNew(engine.Handle, _state, 0);
        _store = _functions->StoreContext(_owned);
        if (engine.IsStoppable)
        {
            nint callback = (nint)(delegate* unmanaged[Cdecl]<nint, DeadlineData*, ulong*, byte*, nint>)&HostCalls.AtDeadline;
            _functions->StoreEpochDeadlineCallback(_owned, callback, _deadline, 0);
            _functions->SetEpochDeadline(_store, 1);
        }

        nint trap = 0;
        InstanceHandle instance;
        nint error = _functions->InstancePreInstantiate(_linked.Pre, _store, &instance, &trap);
        if (error != 0)
        {
            // Imports and sizes fit: Wasmtime has no memory or address space for the instance.
            throw new OutOfMemoryException($"Wasmtime: {engine.Library.TakeError(error)}");
        }

        if (trap != 0)
        {
            return TakeTrap(trap);
        }

        _instance = instance;
        FindExports();
        int start = _linked.Code.Module.StartFunction;
        return start < 0 ? TrapCode.None : Call(start, stackalloc ulong[1]);
    }

    /// <inheritdoc/>
    public TrapCode Call(int functionIndex, Span<ulong> slots)
    {
        if (_running)
        {
            throw new InvalidOperationException("the instance is running already");
        }

        FunctionType type = _linked.Code.Module.TypeOf(functionIndex);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots.Length, Math.Max(type.Parameters.Length, 1));
        if (_linked.Code.Module.IsImported(functionIndex))
        {
            return CallImport(functionIndex, type, slots);
        }

        if (functionIndex != _entryIndex)
        {
            _entry = Export(_linked.Compiled.Exports.Functions.TryGetValue(functionIndex, out int position)
                ? position
                : throw new ArgumentException($"function {functionIndex} is not exported", nameof(functionIndex))).Function;
            _entryIndex = functionIndex;
        }

        _running = true;
        try
        {
            return Enter(type, slots);
        }
        finally
        {
            _running = false;
            GC.KeepAlive(this);
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        Volatile.Write(ref _context->IsStopped, 1);
        if (_linked.Code.Engine.IsStoppable)
        {
            _functions->EngineIncrementEpoch(_linked.Code.Engine.Handle);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private TrapCode Enter(FunctionType type, Span<ulong> slots)
    {
        RequireStack();
        RawValue* values = stackalloc RawValue[Math.Max(type.Parameters.Length, 1)];
        for (int i = 0; i < type.Parameters.Length; i++)
        {
            values[i].Bits = slots[i];
        }

        if (_state->IsMetered)
        {
            HostCalls.SetGas(_functions, _store, _state, _context->GasLeft);
        }

        HostTrap = TrapCode.None;
        nint trap = 0;
        FunctionHandle function = _entry;
        nint error = _functions->FunctionCall(_store, &function, values, (nuint)Math.Max(type.Parameters.Length, 1), &trap);
        Observe();
        if (Fault is Exception fault)
        {
            Fault = null;
            Discard(error, trap);
            throw fault;
        }

        if (error != 0)
        {
            string message = _linked.Code.Engine.Library.TakeError(error);
            return _context->IsStopped != 0 ? TrapCode.HostFault : throw new InvalidOperationException($"Wasmtime: {message}");
        }

        if (trap != 0)
        {
            return TakeTrap(trap);
        }

        if (type.Result != ValueKind.Empty)
        {
            slots[0] = type.Result is ValueKind.I32 or ValueKind.F32 ? (uint)values[0].Bits : values[0].Bits;
        }

        return TrapCode.None;
    }

    private TrapCode CallImport(int function, FunctionType type, Span<ulong> slots)
    {
        fixed (ulong* first = slots)
        {
            TrapCode trap = _linked.Host.Entry(_context, _linked.HostIndexOf(function), first);
            slots[0] = type.Result is ValueKind.I32 or ValueKind.F32 ? (uint)slots[0] : slots[0];
            return trap;
        }
    }

    // Wasmtime's code checks its own limit only, and not the end of the thread's stack.
    private void RequireStack()
    {
        byte here;
        if (_context->HostStackLimit != 0 && (nint)(&here) - NativeStack.PerInstance < _context->HostStackLimit)
        {
            throw new InsufficientExecutionStackException("the stack of the thread is too small for the code of this actor");
        }
    }

    private TrapCode TakeTrap(nint trap)
    {
        byte code;
        _functions->TrapCodeOf(trap, &code);
        _functions->TrapDelete(trap);
        if (code == WasmtimeTraps.Interrupt)
        {
            return HostTrap;
        }

        // The instrumentation traps by `unreachable`, too.
        TrapCode known = WasmtimeTraps.Of(code);
        return known != TrapCode.Unreachable || !_state->IsMetered ? known
            : _context->GasLeft < 0 ? TrapCode.OutOfGas
            : _context->StackHeight > _context->StackLimit ? TrapCode.StackLimit
            : TrapCode.Unreachable;
    }

    private void Discard(nint error, nint trap)
    {
        if (error != 0)
        {
            _functions->ErrorDelete(error);
        }

        if (trap != 0)
        {
            _functions->TrapDelete(trap);
        }
    }

    private void Free()
    {
        if (_context == null)
        {
            return;
        }

        if (_owned != 0)
        {
            _functions->StoreDelete(_owned);
        }

        if (_state->Owner != 0)
        {
            GCHandle.FromIntPtr(_state->Owner).Free();
        }

        NativeMemory.Free(_context);
        _context = null;
    }
}
