using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Wasm;

/// <summary>
/// The machine code of one module: stubs, tables, and functions, compiled at their first call or ahead of it. Thread-safe.
/// </summary>
internal sealed class CodeSegment : IDisposable
{
    /// <summary>Bytes of new code after which the pages it was written through are dropped: few system calls, little memory.</summary>
    private const int DropInterval = 1 << 18;

    private readonly WasmModule _module;
    private readonly SegmentLayout _layout;
    private readonly ICodeGenerator _generator;
    private readonly CodeMemory _memory;
    private readonly int[] _typeNumbers;
    private readonly int[] _places;
    private readonly Lock _lock = new();
    private readonly Stack<IFunctionCompiler> _compilers = [];
    private readonly bool _isOutlined;
    private long _used;
    private long _dropped;
    private int _compiled;

    /// <param name="module">The module.</param>
    /// <param name="metering">Its metering; null for none.</param>
    /// <param name="instances">The layout of instances.</param>
    /// <param name="data">The passive data segments.</param>
    /// <param name="options">What the code depends on.</param>
    /// <param name="helper">The function that executes helpers.</param>
    /// <param name="compile">The function that compiles.</param>
    /// <param name="outlinedCode">Bytes of the code to be read, for a module without instructions; 0 if functions can be compiled.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory for code.</exception>
    // Sound: the stubs fit into the memory reserved for them.
    public unsafe CodeSegment(
        WasmModule module,
        ModuleMetering? metering,
        InstanceLayout instances,
        PassiveData data,
        CodeOptions options,
        nint helper,
        nint compile,
        int outlinedCode)
    {
        _module = module;
        _isOutlined = outlinedCode > 0;
        _layout = new SegmentLayout(module.FunctionCount);
        _typeNumbers = TypeNumbers.Of(module.Types);
        _places = new int[2 * module.FunctionCount];

        // The only choice of the processor architecture.
        _generator = new X64Generator(module, metering, _layout, instances, _typeNumbers, options);
        using SegmentStubs stubs = _generator.WriteStubs();
        _memory = CodeMemory.Reserve(_layout.DataSize, _layout.StubsSize + (_isOutlined ? outlinedCode : MaximumCodeSize(module)));
        stubs.Code.CopyTo(_memory.Writable, 0);
        _used = Align(_layout.StubsSize);
        FillTables(stubs, (nint)data.Entries, helper, compile);
        if (options.IsGuarded)
        {
            // Of the functions only: in stubs, the register of the memory's base may have another value.
            NeedsGuard = true;
            nint code = (nint)_memory.Code;
            _memory.Registration = GuardPages?.TryRegister(
                code + (nint)_used, code + (nint)_memory.Capacity, code + _layout.Trap(TrapCode.MemoryOutOfBounds));
            Guard = _memory.Registration is null ? null : GuardPages;
        }
    }

    /// <summary>The process's guard pages; null where they cannot be. The first use sets a handler of faults.</summary>
    public static GuardPages? GuardPages => X64Generator.GuardPages;

    /// <summary>
    /// Whether this code has no bounds checks, so that it may only run with a memory with guard pages, and only with <see cref="Guard"/>.
    /// </summary>
    public bool NeedsGuard { get; }

    /// <summary>The guard pages whose handler knows this code; null for code with checks, and where there are too many codes.</summary>
    public GuardPages? Guard { get; }

    /// <summary>The entry stub for managed code.</summary>
    // Sound: the stub at this place takes these arguments, and the code stays mapped until Dispose.
    public unsafe delegate* unmanaged<InstanceContext*, nint, ulong*, nint, int> Entry =>
        (delegate* unmanaged<InstanceContext*, nint, ulong*, nint, int>)(_memory.Code + _layout.Entry);

    /// <summary>Bytes of machine code generated so far.</summary>
    public long CodeSize => Interlocked.Read(ref _used);

    /// <summary>Memory of code and tables, in bytes.</summary>
    public long Size => CodeSize + _layout.DataSize;

    /// <summary>Bytes of stubs, included in <see cref="CodeSize"/>.</summary>
    public long StubsSize => Align(_layout.StubsSize);

    /// <summary>Bytes of unmanaged memory kept by idle compilers for further functions.</summary>
    public long WorkingMemory
    {
        get
        {
            lock (_lock)
            {
                long size = 0;
                foreach (IFunctionCompiler compiler in _compilers)
                {
                    size += compiler.WorkingMemory;
                }

                return size;
            }
        }
    }

    /// <summary>Present call target of a function: its code, its lazy-compilation stub, or its host-call stub.</summary>
    // Sound: slots of functions lie in the tables, which stay mapped until Dispose; the function is one of the module.
    public unsafe nint AddressOf(int function) => Volatile.Read(ref *Slot(_layout.FunctionSlot(function)));

    /// <summary>Compiles a function if necessary, and returns its address.</summary>
    /// <param name="number">The function, or function + number of functions for its variant not counted against the stack height limit.</param>
    // Sound: only the address is computed.
    public unsafe nint Compile(int number)
    {
        if (_places[number] == 0)
        {
            IFunctionCompiler compiler = Rent();
            try
            {
                bool counted = number < _module.FunctionCount;
                Publish(number, compiler.Compile(counted ? number : number - _module.FunctionCount, counted));
            }
            catch
            {
                // Its tables may be inconsistent after an OutOfMemoryException.
                compiler.Dispose();
                throw;
            }

            lock (_lock)
            {
                _compilers.Push(compiler);
            }
        }

        return (nint)(_memory.Code + _places[number]);
    }

    /// <summary>Compiles all functions not yet compiled.</summary>
    /// <param name="threads">Maximum number of threads.</param>
    public void CompileAll(int threads)
    {
        int first = _module.ImportedFunctionCount;
        if (threads <= 1)
        {
            for (int function = first; function < _module.FunctionCount; function++)
            {
                Compile(function);
            }

            return;
        }

        Parallel.For(first, _module.FunctionCount, new ParallelOptions { MaxDegreeOfParallelism = threads }, function => Compile(function));
    }

    /// <summary>Number of functions compiled here, rather than loaded by <see cref="TryRead"/>.</summary>
    public int CompiledCount => Volatile.Read(ref _compiled);

    /// <summary>Whether every defined function has code.</summary>
    public bool IsComplete => !_places.AsSpan(_module.ImportedFunctionCount.._module.FunctionCount).Contains(0);

    /// <summary>Serialises the code generated so far, for <see cref="TryRead"/> in another process.</summary>
    // Sound: the code up to _used is readable; AsBytes covers the array's own memory.
    public unsafe byte[] ToBytes()
    {
        lock (_lock)
        {
            int header = sizeof(int) * (1 + _places.Length);
            byte[] bytes = new byte[header + _used];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, _places.Length);
            MemoryMarshal.AsBytes<int>(_places).CopyTo(bytes.AsSpan(sizeof(int)));
            new ReadOnlySpan<byte>(_memory.Code, checked((int)_used)).CopyTo(bytes.AsSpan(header));
            return bytes;
        }
    }

    /// <summary>Loads code from <see cref="ToBytes"/> for the same module, rules and engine. False if it does not match.</summary>
    // Sound: sizes are checked against those of this segment; the places and the code itself are trusted, because the cache has
    // authenticated them as written by this engine.
    public unsafe bool TryRead(ReadOnlySpan<byte> bytes)
    {
        int header = sizeof(int) * (1 + _places.Length);
        if (bytes.Length < header + _used || BinaryPrimitives.ReadInt32LittleEndian(bytes) != _places.Length ||
            bytes.Length - header > _memory.Capacity ||
            !bytes.Slice(header, _layout.StubsSize).SequenceEqual(new ReadOnlySpan<byte>(_memory.Code, _layout.StubsSize)))
        {
            return false;
        }

        lock (_lock)
        {
            // Sound: the span is copied into an array of the same length, and reads need not be aligned on x64.
            MemoryMarshal.Cast<byte, int>(bytes[sizeof(int)..header]).CopyTo(_places);
            ReadOnlySpan<byte> code = bytes[header..];
            code.CopyTo(new Span<byte>(_memory.Writable, code.Length));
            _used = code.Length;
            _dropped = _used;
            _memory.DropWritablePages();
            for (int i = 0; i < _places.Length; i++)
            {
                if (_places[i] != 0)
                {
                    *Slot(_layout.FunctionSlot(i)) = (nint)(_memory.Code + _places[i]);
                }
            }
        }

        return true;
    }

    /// <summary>The listing of a defined function's machine code.</summary>
    // Sound: the array is pinned and has the size of the code.
    public unsafe FunctionListing List(int function)
    {
        using IFunctionCompiler compiler = NewCompiler();
        List<InstructionPlace> instructions = [];
        IMachineCode made = compiler.Compile(function, counted: true, instructions);
        nint address = Compile(function);
        byte[] code = new byte[made.Size];
        fixed (byte* target = code)
        {
            made.CopyTo(target, (int)(address - (nint)_memory.Code));
        }

        Dictionary<ulong, string> names = [];
        foreach ((int place, string name) in _layout.Names())
        {
            names.TryAdd((ulong)(_memory.Code + place), name);
        }

        return new FunctionListing((ulong)address, code, instructions, names);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_compilers.TryPop(out IFunctionCompiler? compiler))
            {
                compiler.Dispose();
            }
        }

        _memory.Dispose();
    }

    /// <summary>Maximum size of machine code in bytes. Only the used part takes memory.</summary>
    private static long MaximumCodeSize(WasmModule module)
    {
        long size = 0;
        int functions = module.Bodies.Length;
        foreach (FunctionBody body in module.Bodies)
        {
            size += body.CodeLength;
        }

        // Functions referenced by globals may be compiled in both variants.
        HashSet<int> uncounted = [];
        foreach (Global global in module.Globals)
        {
            if (global.Initial is { Opcode: Opcode.RefFunc } initial && !module.IsImported((int)initial.Bits) && uncounted.Add((int)initial.Bits))
            {
                size += module.BodyOf((int)initial.Bits).CodeLength;
                functions++;
            }
        }

        return CompilerBounds.MachineCode(size, functions);
    }

    private static long Align(long size) => (size + SegmentLayout.LoopAlignment - 1) & -SegmentLayout.LoopAlignment;

    private IFunctionCompiler Rent()
    {
        lock (_lock)
        {
            if (_compilers.TryPop(out IFunctionCompiler? compiler))
            {
                return compiler;
            }
        }

        return NewCompiler();
    }

    private IFunctionCompiler NewCompiler() =>
        _isOutlined ? throw new InvalidOperationException("the module's instructions are not here") : _generator.CreateCompiler();

    /// <summary>Copies code to the segment and redirects calls to it. Of concurrent compilations of a function, the first wins.</summary>
    // Sound: the code is copied only if it fits into the rest of the segment, and its address is published after it.
    private unsafe void Publish(int number, IMachineCode code)
    {
        lock (_lock)
        {
            if (_places[number] != 0)
            {
                return;
            }

            if (_used + code.Size > _memory.Capacity)
            {
                throw new InvalidOperationException("machine code is larger than its stated bound");
            }

            int place = (int)_used;
            code.CopyTo(_memory.Writable + place, place);
            _used = Align(_used + code.Size);
            if (_used - _dropped >= DropInterval)
            {
                _dropped = _used;
                _memory.DropWritablePages();
            }

            Volatile.Write(ref _places[number], place);
            _compiled++;
            Volatile.Write(ref *Slot(_layout.FunctionSlot(number)), (nint)(_memory.Code + place));
        }
    }

    // Sound: the layout places its slots below the code, in the mapped tables.
    private unsafe nint* Slot(int place) => (nint*)(_memory.Code + place);

    // Sound: the layout has a slot per function and an entry and a type per reference, all in the mapped tables.
    private unsafe void FillTables(SegmentStubs stubs, nint data, nint helper, nint compile)
    {
        *Slot(_layout.HelperSlot) = helper;
        *Slot(_layout.CompileSlot) = compile;
        *Slot(_layout.DataSlot) = data;
        for (int i = 0; i < stubs.Functions.Length; i++)
        {
            *Slot(_layout.FunctionSlot(i)) = (nint)(_memory.Code + stubs.Functions[i]);
        }

        nint* entries = Slot(_layout.Entries);
        int* types = (int*)(_memory.Code + _layout.Types);
        types[0] = -1;
        int count = _module.FunctionCount;
        for (int reference = 1; reference < _layout.ReferenceCount; reference++)
        {
            entries[reference] = (nint)(_memory.Code + stubs.References[reference]);
            int function = (reference - 1) % count;
            types[reference] = _typeNumbers[_module.FunctionTypes[function]];
        }
    }
}
