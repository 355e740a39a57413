namespace Fvm.Wasm;

/// <summary>
/// Writes the stubs at the start of a code segment: entry from managed code, exits, host calls and runtime calls. They translate between
/// the calling convention of compiled code (<see cref="CallingConvention"/>) and the System V ABI.
/// </summary>
internal sealed class Stubs
{
    private const int PointerSize = 8;

    /// <summary>Bytes to save four registers across a call, including padding for the 16-byte alignment of the stack pointer.</summary>
    private const int SaveSize = 40;

    /// <summary>Offset of the arguments from the stack pointer within a stub.</summary>
    private const int ArgumentsAt = SaveSize + PointerSize;

    private const Register SystemArgument0 = Register.Rdi;
    private const Register SystemArgument1 = Register.Rsi;
    private const Register SystemArgument2 = Register.Rdx;
    private const Register SystemArgument3 = Register.Rcx;

    private readonly WasmModule _module;
    private readonly ModuleMetering? _metering;
    private readonly SegmentLayout _layout;
    private readonly Emitter _asm;
    private readonly InstanceLayout _instances;
    private readonly int _vectorSize;
    private int _exit;

    public Stubs(WasmModule module, ModuleMetering? metering, SegmentLayout layout, InstanceLayout instances, Emitter asm, int vectorSize)
    {
        _module = module;
        _metering = metering;
        _layout = layout;
        _instances = instances;
        _asm = asm;
        _vectorSize = vectorSize;
        FunctionStubs = new int[2 * module.FunctionCount];
        References = new int[layout.ReferenceCount];
    }

    /// <summary>Initial stub per function slot: a host call or a lazy-compilation stub.</summary>
    public int[] FunctionStubs { get; }

    /// <summary>Stub per reference, entered by <c>call_indirect</c>; 0 for references that cannot occur.</summary>
    public int[] References { get; }

    // Callee-saved in compiled code, but caller-saved in the System V ABI.
    private static ReadOnlySpan<Register> CallerSaved => [Register.Rsi, Register.Rdi, Register.R8, Register.R9];

    private static ReadOnlySpan<Register> KeptBySystem =>
        [Register.Rbx, Register.Rbp, Register.R12, Register.R13, Register.R14, Register.R15];

    /// <summary>Writes all stubs and records their offsets in the layout.</summary>
    public void Write()
    {
        _asm.Reset();
        Entry();
        Exits();
        BadReference();
        new ConversionStubs(_asm, _layout).Write();
        RuntimeCall();
        new BulkStubs(_asm, _layout, _instances.DroppedData, _vectorSize).Write();
        int compile = Compile();
        int import32 = Import(Width.W32);
        int import64 = Import(Width.W64);
        Functions(compile, import32, import64);
        Thunks();
        _layout.StubsSize = _asm.Position;
    }

    /// <summary>(context, code, slots, count) → trap code. Copies the arguments from the slots to the stack, the result to the first slot.</summary>
    private void Entry()
    {
        _layout.Entry = _asm.Position;
        _asm.Reserve();
        foreach (Register register in KeptBySystem)
        {
            _asm.Push(register);
        }

        _asm.Push(SystemArgument2);
        _asm.Move(Width.W64, CallingConvention.Context, SystemArgument0);
        _asm.Move(Width.W64, Register.Rax, CallingConvention.ContextField(ContextOffset.EngineState));
        _asm.Move(Width.W64, new Address(Register.Rax, CompiledState.StackPointerOffset), Register.Rsp);
        _asm.Move(Width.W64, CallingConvention.Memory, CallingConvention.ContextField(ContextOffset.MemoryBase));
        _asm.Move(Width.W64, CallingConvention.Gas, CallingConvention.ContextField(ContextOffset.GasLeft));

        // Space for the arguments, at least one, rounded up to a multiple of 16 bytes.
        _asm.Move(Width.W64, Register.Rax, SystemArgument3);
        _asm.ShiftBy(Shift.Shl, Width.W64, Register.Rax, 3);
        _asm.Add(Width.W64, Register.Rax, 16 + 7);
        _asm.And(Width.W64, Register.Rax, -16);
        _asm.Sub(Width.W64, Register.Rsp, Register.Rax);
        int end = SkipIfZero(SystemArgument3);
        int loop = _asm.Position;
        _asm.Move(Width.W64, Register.Rax, new Address(SystemArgument2, SystemArgument3, 3, -PointerSize));
        _asm.Move(Width.W64, new Address(Register.Rsp, SystemArgument3, 3, -PointerSize), Register.Rax);
        _asm.Sub(Width.W64, SystemArgument3, 1);
        _asm.JumpBackIf(Condition.NotEqual, loop);
        _asm.Land(end);
        _asm.CallTo(SystemArgument1);

        _asm.Move(Width.W64, CallingConvention.ContextField(ContextOffset.GasLeft), CallingConvention.Gas);
        RestoreStack();
        _asm.Move(Width.W64, new Address(Register.Rdx, 0), Register.Rax);
        _asm.Constant(Register.Rax, 0);
        Leave();
    }

    private int SkipIfZero(Register register)
    {
        _asm.Test(Width.W64, register, register);
        return _asm.Skip(Condition.Equal);
    }

    /// <summary>Unwinds the stack to the entry stub's frame and pops the slots' address, saved last, to rdx.</summary>
    private void RestoreStack()
    {
        _asm.Move(Width.W64, Register.Rcx, CallingConvention.ContextField(ContextOffset.EngineState));
        _asm.Move(Width.W64, Register.Rsp, new Address(Register.Rcx, CompiledState.StackPointerOffset));
        _asm.Pop(Register.Rdx);
    }

    private void Leave()
    {
        for (int i = KeptBySystem.Length - 1; i >= 0; i--)
        {
            _asm.Pop(KeptBySystem[i]);
        }

        _asm.Return();
    }

    /// <summary>The common exit, which returns a trap code to managed code, and one stub per trap code.</summary>
    private void Exits()
    {
        _asm.Reserve();
        _exit = _asm.Position;
        _asm.Move(Width.W64, CallingConvention.ContextField(ContextOffset.GasLeft), CallingConvention.Gas);
        RestoreStack();
        Leave();
        for (TrapCode code = TrapCode.Unreachable; code <= TrapCode.HostFault; code++)
        {
            _layout.SetTrap(code, _asm.Position);
            _asm.Constant(Register.Rax, (ulong)code);
            _asm.JumpToSegment(_exit);
        }
    }

    private void BadReference()
    {
        _layout.BadReference = _asm.Position;
        _asm.Test(Width.W32, Register.Rcx, Register.Rcx);
        _asm.JumpToSegmentIf(Condition.Equal, _layout.Trap(TrapCode.IndirectCallToNull));
        _asm.JumpToSegment(_layout.Trap(TrapCode.BadSignature));
    }

    private void Save()
    {
        _asm.Reserve();
        _asm.Sub(Width.W64, Register.Rsp, SaveSize);
        for (int i = 0; i < CallerSaved.Length; i++)
        {
            _asm.Move(Width.W64, new Address(Register.Rsp, PointerSize * i), CallerSaved[i]);
        }
    }

    private void Restore()
    {
        for (int i = 0; i < CallerSaved.Length; i++)
        {
            _asm.Move(Width.W64, CallerSaved[i], new Address(Register.Rsp, PointerSize * i));
        }
    }

    /// <summary>Resumes after a call that may have charged gas or moved the memory; unwinds if the returned trap code is not zero.</summary>
    private void Resume(Width width)
    {
        _asm.Move(Width.W64, CallingConvention.Gas, CallingConvention.ContextField(ContextOffset.GasLeft));
        _asm.Move(Width.W64, CallingConvention.Memory, CallingConvention.ContextField(ContextOffset.MemoryBase));
        _asm.Test(Width.W32, Register.Rax, Register.Rax);
        _asm.JumpToSegmentIf(Condition.NotEqual, _exit);
        Restore();
        _asm.Move(width, CallingConvention.Result, new Address(Register.Rsp, ArgumentsAt));
        _asm.Add(Width.W64, Register.Rsp, SaveSize);
        _asm.Return();
    }

    /// <summary>Calls the runtime: (context, opcode from eax, arguments) → trap code.</summary>
    private void RuntimeCall()
    {
        _layout.CallHelper = _asm.Position;
        Save();
        _asm.Move(Width.W64, CallingConvention.ContextField(ContextOffset.GasLeft), CallingConvention.Gas);
        _asm.Move(Width.W64, SystemArgument0, CallingConvention.Context);
        _asm.Move(Width.W32, SystemArgument1, Register.Rax);
        _asm.Lea(Width.W64, SystemArgument2, new Address(Register.Rsp, ArgumentsAt));
        _asm.CallSlot(_layout.HelperSlot);
        Resume(Width.W64);
    }

    /// <summary>Calls the host: (context, host function index, arguments) → trap code. eax holds the index of the import.</summary>
    private int Import(Width width)
    {
        int place = _asm.Position;
        Save();
        _asm.Move(Width.W64, CallingConvention.ContextField(ContextOffset.GasLeft), CallingConvention.Gas);
        _asm.Move(Width.W64, Register.Rcx, CallingConvention.ContextField(ContextOffset.EngineState));
        _asm.Move(Width.W64, Register.Rcx, new Address(Register.Rcx, CompiledState.ImportMapOffset));
        _asm.Move(Width.W32, SystemArgument1, new Address(Register.Rcx, Register.Rax, 2, 0));
        _asm.Move(Width.W64, SystemArgument0, CallingConvention.Context);
        _asm.Lea(Width.W64, SystemArgument2, new Address(Register.Rsp, ArgumentsAt));
        _asm.CallTo(CallingConvention.ContextField(ContextOffset.HostEntry));
        Resume(width);
        return place;
    }

    /// <summary>Compiles the function whose number is in eax and tail-calls it with the same arguments.</summary>
    private int Compile()
    {
        int place = _asm.Position;
        Save();
        _asm.Move(Width.W64, SystemArgument0, CallingConvention.Context);
        _asm.Move(Width.W32, SystemArgument1, Register.Rax);
        _asm.CallSlot(_layout.CompileSlot);
        Restore();
        _asm.Add(Width.W64, Register.Rsp, SaveSize);
        _asm.Test(Width.W64, Register.Rax, Register.Rax);
        _asm.JumpToSegmentIf(Condition.Equal, _layout.Trap(TrapCode.HostFault));
        _asm.JumpTo(Register.Rax);
        return place;
    }

    private void Functions(int compile, int import32, int import64)
    {
        int count = _module.FunctionCount;
        for (int i = 0; i < FunctionStubs.Length; i++)
        {
            _asm.Reserve();
            bool uncounted = i >= count;
            int function = uncounted ? i - count : i;
            if (_module.IsImported(function))
            {
                if (uncounted)
                {
                    FunctionStubs[i] = FunctionStubs[function];
                    continue;
                }

                FunctionStubs[i] = _asm.Position;
                _asm.Constant(Register.Rax, (ulong)function);
                Width width = Widths.Of(_module.TypeOf(function).Result);
                _asm.JumpToSegment(width == Width.W64 ? import64 : import32);
                continue;
            }

            FunctionStubs[i] = _asm.Position;
            _asm.Constant(Register.Rax, (ulong)i);
            _asm.JumpToSegment(compile);
        }
    }

    /// <summary>Targets of references: thunks for those from element segments, the function itself for those from globals.</summary>
    private void Thunks()
    {
        foreach (ElementSegment segment in _module.Elements)
        {
            foreach (int function in segment.Functions)
            {
                if (function != ElementSegment.Null && References[1 + function] == 0)
                {
                    References[1 + function] = Thunk(function);
                }
            }
        }

        foreach (Global global in _module.Globals)
        {
            if (global.Initial is { Opcode: Opcode.RefFunc } initial)
            {
                int function = (int)initial.Bits;
                _asm.Reserve();
                References[1 + _module.FunctionCount + function] = _asm.Position;
                _asm.JumpSlot(_layout.UncountedSlot(function));
            }
        }
    }

    private int Thunk(int function)
    {
        _asm.Reserve();
        int place = _asm.Position;
        ulong cost = _metering?.ThunkCost(function) ?? 0;
        if (cost > int.MaxValue)
        {
            _asm.Constant(Register.Rax, cost);
            _asm.Sub(Width.W64, CallingConvention.Gas, Register.Rax);
        }
        else if (cost != 0)
        {
            _asm.Sub(Width.W64, CallingConvention.Gas, (int)cost);
        }

        if (cost != 0)
        {
            _asm.JumpToSegmentIf(Condition.Sign, _layout.Trap(TrapCode.OutOfGas));
        }

        _asm.JumpSlot(_layout.FunctionSlot(function));
        return place;
    }
}
