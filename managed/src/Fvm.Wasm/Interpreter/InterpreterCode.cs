using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>A module's functions, translated on demand.</summary>
internal sealed class InterpreterCode : IWasmCode
{
    private readonly Lock _lock = new();
    private readonly Func<FunctionTranslator> _newTranslator;
    private readonly int[] _functionTypeIds;
    private readonly List<nint> _blocks = [];
    // Sound: one entry per body, allocated in the constructor and freed once, by Dispose or the finalizer.
    private unsafe FunctionEntry* _functions;
    private long _translated;
    private FunctionTranslator? _translator;

    // Sound: the entries are indexed by the number of the body, for which they are allocated.
    public unsafe InterpreterCode(InterpreterEngine engine, MemoryPools pools, WasmModule module, ModuleMetering? metering)
    {
        Engine = engine;
        Pools = pools;
        Module = module;
        CountsFrames = metering is { CountsFrames: true };
        StackLimit = metering is null ? int.MaxValue : (int)metering.MaxStackHeight;
        int[] typeIds = TypeNumbers.Of(module.Types);
        _functionTypeIds = new int[module.FunctionCount];
        for (int i = 0; i < _functionTypeIds.Length; i++)
        {
            _functionTypeIds[i] = typeIds[module.FunctionTypes[i]];
        }

        _newTranslator = () => new FunctionTranslator(module, metering, typeIds);
        _functions = (FunctionEntry*)NativeMemory.AllocZeroed((nuint)Math.Max(module.Bodies.Length, 1), (nuint)sizeof(FunctionEntry));
        for (int i = 0; i < module.Bodies.Length; i++)
        {
            int function = module.ImportedFunctionCount + i;
            _functions[i].Parameters = module.TypeOf(function).Parameters.Length;
            if (metering is not null)
            {
                _functions[i].StackCost = metering.StackCost(function);
                _functions[i].ThunkCost = metering.ThunkCost(function);
                _functions[i].FrameBytes = metering.CountsFrames ? metering.FrameBytes(function) : 0;
            }
        }
    }

    ~InterpreterCode() => Free();

    public InterpreterEngine Engine { get; }

    public MemoryPools Pools { get; }

    /// <inheritdoc/>
    public WasmModule Module { get; }

    /// <inheritdoc/>
    public long Size => CodeSize.Of(Module) + Interlocked.Read(ref _translated);

    // Sound: as for the field; instances keep this object alive.
    public unsafe FunctionEntry* Functions => _functions;

    public int StackLimit { get; }

    /// <summary>Whether frames are counted by <see cref="FrameModel"/> and may be large.</summary>
    public bool CountsFrames { get; }

    /// <summary>Canonical type number of a function of the index space.</summary>
    public int TypeIdOf(int function) => _functionTypeIds[function];

    /// <inheritdoc/>
    public ILinkedCode? Link(HostTable host, out string? failure) =>
        ImportResolver.HasFunctionsOnly(Module, out failure) ? LinkFunctions(host, ImportedState.None, out failure) : null;

    /// <summary>
    /// Links functions as <see cref="Link"/> does, with substitutes for other imports: for tests of the specification.
    /// </summary>
    internal InterpreterLinkedCode? LinkFunctions(HostTable host, ImportedState imported, out string? failure)
    {
        int[]? imports = ImportResolver.Resolve(Module, host, out failure);
        return imports is null ? null : new InterpreterLinkedCode(this, host, EntriesOf(imports), imported);
    }

    /// <summary>Translates a function, unless another thread has meanwhile.</summary>
    // Sound: the entry is one of _functions; the block has room for the header and the code, and stays until Free. Its address is published
    // after its contents.
    public unsafe Instruction* Translate(FunctionEntry* function)
    {
        lock (_lock)
        {
            if (function->Code != null)
            {
                return function->Code;
            }

            // Returned only after success: a translator that ran out of memory midway is not reused.
            FunctionTranslator translator = Interlocked.Exchange(ref _translator, null) ?? _newTranslator();
            translator.Translate(Module.ImportedFunctionCount + (int)(function - _functions));
            ReadOnlySpan<Instruction> code = translator.Code;
            Instruction header = new() { Distance = translator.FrameSlots, Comparand = translator.ClearedSlots };
            if (translator.FrameSlots < 0)
            {
                // Such a frame would not fit on the machine stack either.
                code = new Instruction[] { new() { Op = (ushort)IrOp.Trap, Wide = (int)TrapCode.HostStackOverflow } };
                header = default;
            }

            Instruction* block = (Instruction*)NativeMemory.Alloc((nuint)(code.Length + 1), (nuint)sizeof(Instruction));
            _blocks.Add((nint)block);
            Interlocked.Add(ref _translated, (long)(code.Length + 1) * sizeof(Instruction));
            block[0] = header;
            code.CopyTo(new Span<Instruction>(block + 1, code.Length));
            _translator = translator;
            Volatile.Write(ref *(nint*)&function->Code, (nint)(block + 1));
            return block + 1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private ImportEntry[] EntriesOf(int[] imports)
    {
        ImportEntry[] entries = new ImportEntry[imports.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new ImportEntry { HostIndex = imports[i], NarrowResult = Module.TypeOf(i).Result is ValueKind.I32 or ValueKind.F32 };
        }

        return entries;
    }

    // Sound: all blocks come from NativeMemory and are forgotten once freed; no instance is left that could run them.
    private unsafe void Free()
    {
        // Null if the constructor ran out of memory.
        if (_blocks is not null)
        {
            foreach (nint block in _blocks)
            {
                NativeMemory.Free((void*)block);
            }

            _blocks.Clear();
        }

        NativeMemory.Free(_functions);
        _functions = null;
    }
}
