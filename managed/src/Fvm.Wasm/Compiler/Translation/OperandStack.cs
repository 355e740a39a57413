namespace Fvm.Wasm;

/// <summary>
/// The operand stack while code is made: where each value is, and the moves between places. Values stay where they are until they are used:
/// constants and locals cost nothing when pushed. Temporary registers are allocated here, because older values are spilled for them; each
/// value is moved at most once, and every search is bounded by <see cref="Window"/>.
/// </summary>
/// <param name="asm">Where moves are written.</param>
/// <param name="frame">Where locals are, and where values are spilled to.</param>
/// <param name="registers">The temporary registers.</param>
internal sealed class OperandStack(Emitter asm, FrameLayout frame, RegisterFile registers)
{
    /// <summary>Values further below the top than this are spilled or constants.</summary>
    public const int Window = 24;

    private Operand[] _values = new Operand[256];

    /// <summary>Values below this depth are constants or spilled.</summary>
    private int _spilled;

    /// <summary>Values that are read from a local, by what stands for it (<see cref="FrameLayout.HomeOf"/>).</summary>
    private int[] _readers = [];

    /// <summary>Values on the stack.</summary>
    public int Count { get; private set; }

    /// <summary>Places in the frame that spilled values took so far.</summary>
    public int Deepest { get; private set; }

    /// <summary>The topmost value. There must be one.</summary>
    public ref Operand Top => ref _values[Count - 1];

    /// <summary>Whether the topmost value is in the flags, which most instructions change.</summary>
    public bool TopIsFlags => Count > 0 && _values[Count - 1].Kind == OperandKind.Flags;

    /// <summary>Begins another function.</summary>
    /// <param name="locals">How many locals it has.</param>
    public void Reset(int locals)
    {
        // What the function before has left on the stack is still counted.
        foreach (ref Operand operand in _values.AsSpan(0, Count))
        {
            if (operand.Kind == OperandKind.Local)
            {
                _readers[operand.Index] = 0;
            }
        }

        Count = 0;
        _spilled = 0;
        Deepest = 0;
        registers.FreeAll();
        if (_readers.Length < locals)
        {
            _readers = new int[Math.Max(locals, 2 * _readers.Length)];
        }
    }

    public void PushConstant(ValueKind type, ulong bits) =>
        Push(new Operand { Kind = OperandKind.Constant, Type = type, Bits = bits });

    /// <summary>Pushes the value of a local, or of what stands for it.</summary>
    public void PushLocal(ValueKind type, int local) =>
        Push(new Operand { Kind = OperandKind.Local, Type = type, Index = local });

    public void PushRegister(ValueKind type, Register register) =>
        Push(new Operand { Kind = OperandKind.Register, Type = type, Register = register });

    public void PushFlags(Condition condition) =>
        Push(new Operand { Kind = OperandKind.Flags, Type = ValueKind.I32, Condition = condition });

    public void Push(Operand operand)
    {
        if (Count == _values.Length)
        {
            Array.Resize(ref _values, Count * 2);
        }

        if (operand.Kind == OperandKind.Local)
        {
            _readers[operand.Index]++;
        }

        _values[Count++] = operand;
        if (Count - _spilled > Window)
        {
            Spill(_spilled++);
        }
    }

    /// <summary>Takes the topmost value. Its register, if it has one, is the caller's to free.</summary>
    public Operand Pop()
    {
        Operand operand = _values[--Count];
        _spilled = Math.Min(_spilled, Count);
        if (operand.Kind == OperandKind.Local)
        {
            _readers[operand.Index]--;
        }
        else if (operand.Kind == OperandKind.Slot)
        {
            operand.Index = Count;
        }

        return operand;
    }

    /// <summary>Forgets what lies above a height. All below is spilled or constant, so all registers are free.</summary>
    public void DropTo(int height)
    {
        while (Count > height)
        {
            Pop();
        }

        registers.FreeAll();
    }

    /// <summary>Whether a value on the stack is read from a local, or what stands for it.</summary>
    public bool ReadsLocal(int local) => _readers[local] != 0;

    /// <summary>Takes a free temporary register, for which an older value may be spilled. Never changes the flags.</summary>
    public Register Allocate()
    {
        if (!registers.HasFree)
        {
            SpillOne();
        }

        return registers.Allocate();
    }

    /// <summary>Takes a certain temporary register. A value of the stack that is there moves elsewhere.</summary>
    public void Allocate(Register register)
    {
        if (!registers.IsFree(register))
        {
            Evict(register);
        }

        registers.Allocate(register);
    }

    /// <summary>Frees the register of a popped value, if it has one of its own.</summary>
    public void Free(in Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            registers.Free(operand.Register);
        }
    }

    /// <summary>A register with a popped value, for reading only: the local's own, or a temporary one that the operand then owns.</summary>
    public Register ToRegister(ref Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            return operand.Register;
        }

        if (operand.Kind == OperandKind.Local && frame.RegisterOf(operand.Index) is Register home and not Register.None)
        {
            return home;
        }

        Register register = Allocate();
        Load(register, in operand);
        operand.Kind = OperandKind.Register;
        operand.Register = register;
        return register;
    }

    /// <summary>A temporary register with a popped value, to be changed at will. The caller owns it.</summary>
    public Register ToOwnRegister(in Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            return operand.Register;
        }

        Register register = Allocate();
        Load(register, in operand);
        return register;
    }

    /// <summary>Brings a value into a register that is free for it; leaves the flags alone.</summary>
    public void Load(Register to, in Operand operand)
    {
        switch (operand.Kind)
        {
            case OperandKind.Constant:
                asm.Constant(to, operand.Bits);
                break;
            case OperandKind.Register:
                if (operand.Register != to)
                {
                    asm.Move(operand.Width, to, operand.Register);
                }

                break;
            case OperandKind.Local when frame.RegisterOf(operand.Index) is Register home and not Register.None:
                asm.Move(operand.Width, to, home);
                break;
            case OperandKind.Flags:
                // Cleared before and not extended after: the byte alone would wait for what the register held. Not by XOR, which sets flags.
                asm.Constant(to, 0);
                asm.SetByte(operand.Condition, to);
                break;
            default:
                asm.Move(operand.Width, to, AddressOf(in operand));
                break;
        }
    }

    /// <summary>As <see cref="Load(Register, in Operand)"/>, unless the value is in that register.</summary>
    public void LoadUnlessIn(Register to, in Operand operand)
    {
        if (RegisterOf(in operand) != to)
        {
            Load(to, in operand);
        }
    }

    /// <summary>Whether a value is read from the frame.</summary>
    public bool IsInMemory(in Operand operand) =>
        operand.Kind == OperandKind.Slot || (operand.Kind == OperandKind.Local && frame.RegisterOf(operand.Index) == Register.None);

    /// <summary>The register that a value is in; <see cref="Register.None"/> if it is in none.</summary>
    public Register RegisterOf(in Operand operand) => operand.Kind switch
    {
        OperandKind.Register => operand.Register,
        OperandKind.Local => frame.RegisterOf(operand.Index),
        _ => Register.None,
    };

    /// <summary>The place of a value that <see cref="IsInMemory"/>.</summary>
    public Address AddressOf(in Operand operand) =>
        operand.Kind == OperandKind.Slot ? frame.SlotAt(operand.Index) : frame.AddressOf(operand.Index);

    /// <summary>Spills all values but constants, so that all paths to here agree where values are.</summary>
    public void SpillAll()
    {
        for (; _spilled < Count; _spilled++)
        {
            Spill(_spilled);
        }
    }

    /// <summary>Spills the values that a call would lose: those in locals stay, unless a call changes their registers.</summary>
    public void SpillTemporaries()
    {
        for (int depth = _spilled; depth < Count; depth++)
        {
            ref Operand operand = ref _values[depth];
            if (operand.Kind == OperandKind.Register || (operand.Kind == OperandKind.Local && frame.IsVolatile(operand.Index)))
            {
                Spill(depth);
            }
        }
    }

    /// <summary>Copies values that are read from a local, or from what stands for it, before it is set.</summary>
    public void DetachLocal(int local)
    {
        for (int depth = Count - 1; _readers[local] > 0; depth--)
        {
            ref Operand operand = ref _values[depth];
            if (operand.Kind != OperandKind.Local || operand.Index != local)
            {
                continue;
            }

            Register register = Allocate();

            // Allocating a register may have changed the stack, but not this value.
            Load(register, in _values[depth]);
            _values[depth].Kind = OperandKind.Register;
            _values[depth].Register = register;
            _readers[local]--;
        }
    }

    /// <summary>Moves the topmost value from the flags to a register.</summary>
    public void MaterializeFlags()
    {
        Operand flags = Pop();
        Register register = Allocate();
        Load(register, in flags);
        PushRegister(ValueKind.I32, register);
    }

    /// <summary>Brings the value at a depth to its place in the frame, unless it is a constant. Never changes the flags.</summary>
    private void Spill(int depth)
    {
        ref Operand operand = ref _values[depth];
        switch (operand.Kind)
        {
            case OperandKind.Constant:
            case OperandKind.Slot:
                return;
            case OperandKind.Register:
                SpillRegister(ref operand, depth);
                return;
            case OperandKind.Local:
                _readers[operand.Index]--;
                Register home = frame.RegisterOf(operand.Index);
                Register register = home;
                if (home == Register.None)
                {
                    register = Allocate();
                    Load(register, in operand);
                }

                // Whole, so that the upper half is zero for the narrow types.
                asm.Move(Width.W64, frame.SlotAt(depth), register);
                MarkSpilled(ref _values[depth], depth);
                if (home == Register.None)
                {
                    registers.Free(register);
                }

                return;
            default:
                throw new InvalidOperationException("flags cannot be spilled");
        }
    }

    private void SpillRegister(ref Operand operand, int depth)
    {
        asm.Move(Width.W64, frame.SlotAt(depth), operand.Register);
        registers.Free(operand.Register);
        MarkSpilled(ref operand, depth);
    }

    private void MarkSpilled(ref Operand operand, int depth)
    {
        operand.Kind = OperandKind.Slot;
        operand.Index = depth;
        Deepest = Math.Max(Deepest, depth + 1);
    }

    private void SpillOne()
    {
        for (int depth = _spilled; depth < Count; depth++)
        {
            if (_values[depth].Kind == OperandKind.Register)
            {
                SpillRegister(ref _values[depth], depth);
                return;
            }
        }

        throw new InvalidOperationException("an instruction holds all registers");
    }

    private void Evict(Register register)
    {
        for (int depth = _spilled; depth < Count; depth++)
        {
            ref Operand operand = ref _values[depth];
            if (operand.Kind != OperandKind.Register || operand.Register != register)
            {
                continue;
            }

            if (!registers.HasFree)
            {
                SpillRegister(ref operand, depth);
                return;
            }

            Register other = registers.Allocate();
            asm.Move(operand.Width, other, register);
            operand.Register = other;
            registers.Free(register);
            return;
        }

        throw new InvalidOperationException("the register is held by the instruction itself");
    }
}
