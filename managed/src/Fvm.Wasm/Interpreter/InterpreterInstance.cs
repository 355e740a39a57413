using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>An instance: memory, table, globals, and its stack during a call.</summary>
// Sound: the context, its globals, imports and flags are one block with room for each, freed once together with the table; the stack is a
// region of the pool's size, held by one call at a time, and Code, which owns functions and pools, is kept alive by this object.
internal sealed unsafe partial class InterpreterInstance : IWasmInstance
{
    private const int ShallowFrames = 2_048;
    private const int ShallowSlots = 32_768;

    /// <summary>Growth step of the slots for large frames.</summary>
    private const int DeepStep = 512 * 1024;

    private readonly InterpreterLinkedCode _linked;
    private readonly IResourceLimiter _limiter;
    private readonly LinearMemory? _memory;
    private InstanceContext* _context;
    private readonly ImportEntry* _imports;
    private byte* _stack;
    private bool _isDeep;
    private long _large;

    public InterpreterInstance(InterpreterLinkedCode linked, IResourceLimiter limiter)
    {
        _linked = linked;
        _limiter = limiter;
        Code = linked.Code;
        Host = linked.Host;
        WasmModule module = Code.Module;

        // One allocation: context, globals, imports, segment flags.
        nuint globals = (nuint)module.Globals.Length * sizeof(ulong);
        nuint imports = (nuint)(linked.Imports.Length * sizeof(ImportEntry));
        byte* block = (byte*)NativeMemory.AllocZeroed(ContextOffset.Size + globals + imports + (nuint)InstanceSegments.FlagBytes(module));
        _context = (InstanceContext*)block;
        _context->Globals = (ulong*)(block + ContextOffset.Size);
        _imports = (ImportEntry*)(block + ContextOffset.Size + globals);
        Segments = new InstanceSegments(module, block + ContextOffset.Size + globals + imports);
        linked.Imports.CopyTo(new Span<ImportEntry>(_imports, linked.Imports.Length));
        _context->StackLimit = Code.StackLimit;
        if (linked.Resources.Memory is { Minimum: uint pages })
        {
            _memory = new LinearMemory(Code.Pools, pages);
            _context->MemoryBase = _memory.Base;
            _context->MemoryLength = _memory.Length;
        }

        if (linked.Resources.Table is { Minimum: uint elements })
        {
            _context->Table = (nint)NativeMemory.AllocZeroed(Math.Max(elements, 1), sizeof(ulong));
            _context->TableLength = elements;
        }

        InitializeGlobals(module);
    }

    ~InterpreterInstance()
    {
        Free();
        _memory?.Release();
    }

    /// <inheritdoc/>
    public InstanceContext* Context => _context;

    public InterpreterCode Code { get; }

    public HostTable Host { get; }

    public FunctionEntry* Functions => Code.Functions;

    public ImportEntry* Imports => _imports;

    /// <summary>The bottom of the frame stack.</summary>
    public Frame* FirstFrame { get; private set; }

    /// <summary>The current limit of the frame stack.</summary>
    public Frame* LastFrame { get; private set; }

    /// <summary>The current limit of the slots.</summary>
    public ulong* LastSlot { get; private set; }

    private RegionPool StackPool => Code.CountsFrames ? Code.Pools.CountedStacks : Code.Pools.Stacks;

    private ulong* FirstSlot => (ulong*)(FirstFrame + InterpreterEngine.MaxFrames);

    /// <summary>Stack height of the indirect call resolved last: 0 through a direct reference.</summary>
    public int IndirectCost { get; set; }

    /// <summary>Trap of a step of a call outside the loop.</summary>
    public TrapCode PendingTrap { get; set; }

    /// <inheritdoc/>
    public TrapCode Call(int functionIndex, Span<ulong> slots)
    {
        bool outermost = _stack == null;
        if (!outermost)
        {
            // The stack is in use. Hosts re-enter through other instances only.
            throw new InvalidOperationException("the instance is running already");
        }

        int parameters = Code.Module.TypeOf(functionIndex).Parameters.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(slots.Length, Math.Max(parameters, 1));
        RentStack();
        try
        {
            ulong* first = FirstSlot;
            slots[..parameters].CopyTo(new Span<ulong>(first, ShallowSlots));
            TrapCode trap = Enter(functionIndex, first);
            slots[0] = first[0];
            return trap;
        }
        finally
        {
            ReturnStack();
        }
    }

    /// <inheritdoc/>
    // Sound: the context is there until Dispose, which the caller does not call meanwhile.
    public void Stop() => Volatile.Write(ref _context->IsStopped, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        _memory?.Dispose();
        GC.SuppressFinalize(this);
    }

    private TrapCode Enter(int functionIndex, ulong* slots)
    {
        if (Code.Module.IsImported(functionIndex))
        {
            return SlowOperations.CallHost(this, functionIndex, slots);
        }

        // Exports and the start function are entered through thunks, charged before the check of the height.
        FunctionEntry* function = Functions + (functionIndex - Code.Module.ImportedFunctionCount);
        _context->GasLeft -= (long)function->ThunkCost;
        if (_context->GasLeft < 0 && function->ThunkCost != 0)
        {
            return TrapCode.OutOfGas;
        }

        PendingTrap = TrapCode.None;
        TrapCode trap = ExecutionLoop.Run(this, function, slots);
        if (trap == TrapCode.None)
        {
            _context->StackHeight -= (int)function->StackCost;
            _context->FrameBytes -= function->FrameBytes;
        }

        return trap;
    }

    /// <summary>
    /// Extends an exhausted stack from its first part to the whole, or by a step for large frames. Returns whether frame and slots fit.
    /// </summary>
    /// <exception cref="OutOfMemoryException">There is no memory for large frames.</exception>
    public bool TryDeepen(Frame* frame, ulong* end)
    {
        _isDeep = true;
        LastFrame = FirstFrame + InterpreterEngine.MaxFrames;
        if (!Code.CountsFrames)
        {
            LastSlot = FirstSlot + Code.Engine.Slots;
            return frame < LastFrame && end <= LastSlot;
        }

        long slots = Math.Max(end - FirstSlot, LastSlot - FirstSlot);
        slots = Math.Min((slots + DeepStep - 1) / DeepStep * DeepStep, InterpreterEngine.CountedSlots);
        Code.Pools.TakeLarge((slots - (LastSlot - FirstSlot)) * sizeof(ulong));
        _large += (slots - (LastSlot - FirstSlot)) * sizeof(ulong);
        LastSlot = FirstSlot + slots;
        return frame < LastFrame && end <= LastSlot;
    }

    private void RentStack()
    {
        _stack = StackPool.Rent();
        _isDeep = false;
        FirstFrame = (Frame*)_stack;
        LastFrame = FirstFrame + ShallowFrames;
        LastSlot = FirstSlot + ShallowSlots;
    }

    private void ReturnStack()
    {
        // A stack need not be zero, but rarely used pages should not stay allocated.
        StackPool.Return(_stack, _isDeep ? StackPool.RegionSize : 0);
        _stack = null;
        Code.Pools.GiveBackLarge(_large);
        _large = 0;
    }

    private void InitializeGlobals(WasmModule module)
    {
        for (int i = 0; i < module.Globals.Length; i++)
        {
            ConstantExpression? initial = module.Globals[i].Initial;
            _context->Globals[i] = initial is null ? _linked.ImportedGlobals[i] : Evaluate(initial.Value);
        }
    }

    private ulong Evaluate(ConstantExpression expression) => expression.Opcode switch
    {
        Opcode.GlobalGet => _context->Globals[expression.Bits],
        Opcode.RefFunc => FunctionReference.Of((int)expression.Bits) | FunctionReference.Direct,
        _ => expression.Bits,
    };

    private void Free()
    {
        if (_context == null)
        {
            return;
        }

        NativeMemory.Free((void*)_context->Table);
        NativeMemory.Free(_context);
        _context = null;
    }
}
