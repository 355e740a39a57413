using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// The resources of an instance of compiled code: context, memory, table, globals. Reused by later instances of the same linked code.
/// </summary>
// Sound: the context, its state, globals, imports and flags are one block with the offsets of InstanceLayout, freed once together with the
// table; the machine code of a validated module stays mapped while Code is in use, and this object keeps Code alive.
internal sealed unsafe partial class PooledInstance : IDisposable
{
    /// <summary>Approximate size, in bytes, of the managed objects per instance.</summary>
    private const int Overhead = 512;

    private readonly CompiledLinkedCode _linked;
    private readonly MemoryImage? _image;
    private readonly PooledMemory? _memory;
    private readonly CompiledState* _state;
    private readonly ulong[] _globals;
    private readonly uint _initialTable;
    private InstanceContext* _context;
    private IResourceLimiter _limiter;
    private bool _running;

    /// <param name="linked">The code.</param>
    /// <param name="limiter">The limits on the instance's growth.</param>
    /// <param name="guarded">Its memory, for guarded code (<see cref="CodeSegment.NeedsGuard"/>) with a memory.</param>
    public PooledInstance(CompiledLinkedCode linked, IResourceLimiter limiter, PooledMemory? guarded = null)
    {
        _memory = guarded;
        _linked = linked;
        _limiter = limiter;
        Code = linked.Code;
        _image = linked.Image;
        WasmModule module = Code.Module;
        InstanceLayout layout = Code.Layout;
        byte* block = (byte*)NativeMemory.AllocZeroed((nuint)layout.Size);
        _context = (InstanceContext*)block;
        _state = (CompiledState*)(block + InstanceLayout.State);
        _context->EngineState = (nint)_state;
        _context->Globals = (ulong*)(block + InstanceLayout.Globals);
        _state->ImportMap = (int*)(block + layout.Imports);
        Segments = new InstanceSegments(module, block + layout.DroppedData);
        linked.Imports.CopyTo(new Span<int>(_state->ImportMap, linked.Imports.Length));
        _state->Instance = GCHandle.ToIntPtr(GCHandle.Alloc(this, GCHandleType.Weak));
        _context->StackLimit = Code.Metering is null ? int.MaxValue : (int)Code.Metering.MaxStackHeight;
        _context->HostEntry = (nint)linked.Host.UnmanagedEntry;
        if (linked.Resources.Memory is { Minimum: uint pages })
        {
            _memory ??= new PooledMemory(Code.Pools, Code.Pages, _image, pages);
        }

        if (linked.Resources.Table is { Minimum: uint elements })
        {
            _initialTable = elements;
            _context->Table = (nint)NativeMemory.AllocZeroed(Math.Max(elements, 1), sizeof(ulong));
        }

        for (int i = 0; i < module.Globals.Length; i++)
        {
            ConstantExpression? initial = module.Globals[i].Initial;
            _context->Globals[i] = initial is null ? linked.ImportedGlobals[i] : Evaluate(initial.Value);
        }

        _globals = new Span<ulong>(_context->Globals, module.Globals.Length).ToArray();
        Begin();
    }

    ~PooledInstance()
    {
        Free();
        _memory?.Release();
    }

    public InstanceContext* Context => _context;

    public CompiledCode Code { get; }

    /// <summary>Exception from a runtime call by compiled code, to be rethrown at the instance's entry point.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Bytes kept while idle.</summary>
    public long Idle => (_memory?.Idle ?? 0) + (_context->TableLength * sizeof(ulong)) + Code.Layout.Size + Overhead;

    /// <summary>The instance that owns a context.</summary>
    public static PooledInstance Of(InstanceContext* context) =>
        (PooledInstance)GCHandle.FromIntPtr(((CompiledState*)context->EngineState)->Instance).Target!;

    /// <summary>Restores the initial state; false if the instance is to be freed instead.</summary>
    public bool TryRestore()
    {
        if (_memory is not null && !_memory.TryRestore())
        {
            return false;
        }

        if (_context->TableLength > _initialTable)
        {
            _context->Table = (nint)NativeMemory.Realloc((void*)_context->Table, (nuint)Math.Max(_initialTable, 1) * sizeof(ulong));
        }

        Segments.Reset();
        _globals.CopyTo(new Span<ulong>(_context->Globals, _globals.Length));
        _context->GasLeft = 0;
        _context->StackHeight = 0;
        _context->HostState = 0;
        _context->HostStackLimit = 0;
        _context->IsStopped = 0;
        Fault = null;
        Begin();
        return true;
    }

    /// <summary>Starts the reuse of an idle instance.</summary>
    public void Use(IResourceLimiter limiter)
    {
        _limiter = limiter;
        _memory?.Use();
    }

    /// <summary>Calls a function as <see cref="IWasmInstance.Call"/> does.</summary>
    public TrapCode Call(int functionIndex, Span<ulong> slots)
    {
        if (_running)
        {
            throw new InvalidOperationException("the instance is running already");
        }

        FunctionType type = Code.Module.TypeOf(functionIndex);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots.Length, Math.Max(type.Parameters.Length, 1));
        _running = true;
        _memory?.Enter();
        try
        {
            fixed (ulong* first = slots)
            {
                return Enter(functionIndex, type, first);
            }
        }
        finally
        {
            _running = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        _memory?.Dispose();
        GC.SuppressFinalize(this);
    }

    private TrapCode Enter(int function, FunctionType type, ulong* slots)
    {
        if (Code.Module.IsImported(function))
        {
            TrapCode result = _linked.Host.Entry(_context, _linked.Imports[function], slots);
            if (type.Result is ValueKind.I32 or ValueKind.F32)
            {
                slots[0] = (uint)slots[0];
            }

            return result;
        }

        // Exports and the start function are entered through thunks, whose gas is charged before the stack height is checked.
        ulong thunk = Code.Metering?.ThunkCost(function) ?? 0;
        _context->GasLeft -= (long)thunk;
        if (thunk != 0 && _context->GasLeft < 0)
        {
            return TrapCode.OutOfGas;
        }

        nint limit = _context->HostStackLimit;
        int here;
        nint own = (nint)(&here) - NativeStack.PerInstance;
        _context->HostStackLimit = Math.Max(limit, own);
        CodeSegment segment = Code.Segment;
        nint code = segment.AddressOf(function);
        TrapCode trap = (TrapCode)segment.Entry(_context, code, slots, type.Parameters.Length);
        _context->HostStackLimit = limit;
        GC.KeepAlive(this);
        if (trap == TrapCode.HostStackOverflow && limit > own)
        {
            // The limit reached is that of this thread, not the limit common to all nodes.
            throw new InsufficientExecutionStackException("the stack of the thread is too small for the code of this actor");
        }

        return Fault is null ? trap : throw TakeFault();
    }

    private Exception TakeFault()
    {
        Exception fault = Fault!;
        Fault = null;
        return fault;
    }

    private ulong Evaluate(ConstantExpression expression) => expression.Opcode switch
    {
        Opcode.GlobalGet => _context->Globals[expression.Bits],
        Opcode.RefFunc => FunctionReference.Of((int)expression.Bits) + (ulong)Code.Module.FunctionCount,
        _ => expression.Bits,
    };

    /// <summary>Initialises the table and the context's memory fields; memory and globals already have their initial content.</summary>
    private void Begin()
    {
        if (_memory is not null)
        {
            _context->MemoryBase = _memory.Base;
            _context->MemoryLength = _memory.Length;
        }

        _context->TableLength = _initialTable;
        Span<ulong> table = new((void*)_context->Table, (int)_initialTable);
        if (_image is not null)
        {
            _image.Table.CopyTo(table);
        }
        else
        {
            table.Clear();
        }
    }

    private void Free()
    {
        if (_context == null)
        {
            return;
        }

        // There is no handle if the constructor ran out of memory.
        if (_state->Instance != 0)
        {
            GCHandle.FromIntPtr(_state->Instance).Free();
        }

        NativeMemory.Free((void*)_context->Table);
        NativeMemory.Free(_context);
        _context = null;
    }
}
