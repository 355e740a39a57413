using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// The compile-time operand stack: the location of each value, and the moves between locations. Code generation is lazy: a value stays in its
/// location until it is used, so pushing a constant or local emits no code. Temporary registers are allocated here, because that may spill older
/// values. Each value is moved at most once, and searches are bounded by <see cref="Window"/>.
/// </summary>
/// <param name="asm">The emitter of moves.</param>
/// <param name="frame">The locations of locals and spilled values.</param>
/// <param name="registers">The temporary registers.</param>
internal sealed class OperandStack(Emitter asm, FrameLayout frame, RegisterFile registers)
{
    /// <summary>Maximum number of topmost values that are neither spilled nor constant.</summary>
    public const int Window = 24;

    private Operand[] _values = new Operand[256];

    /// <summary>All values below this depth are spilled or constant.</summary>
    private int _spilled;

    /// <summary>Number of stack values that are in a local, by its representative (<see cref="FrameLayout.HomeOf"/>).</summary>
    private int[] _readers = [];

    /// <summary>Height of the stack.</summary>
    public int Count { get; private set; }

    /// <summary>Number of frame slots needed for spilled values so far.</summary>
    public int Deepest { get; private set; }

    /// <summary>The topmost value. The stack must not be empty.</summary>
    public ref Operand Top => ref _values[Count - 1];

    /// <summary>Whether the topmost value is in the flags, which most instructions clobber.</summary>
    public bool TopIsFlags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Count > 0 && _values[Count - 1].Kind == OperandKind.Flags;
    }

    /// <summary>Begins a function.</summary>
    /// <param name="locals">Number of locals.</param>
    public void Reset(int locals)
    {
        // The readers of values that the previous function left on the stack are still counted.
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

    /// <summary>Pushes the value of a local, given by its representative.</summary>
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

    /// <summary>Pops the topmost value. The caller frees its register, if it has one.</summary>
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

    /// <summary>Drops all values above a height. The values below must be spilled or constant, so all registers are freed.</summary>
    public void DropTo(int height)
    {
        while (Count > height)
        {
            Pop();
        }

        registers.FreeAll();
    }

    /// <summary>Whether any stack value is in a local, given by its representative.</summary>
    public bool ReadsLocal(int local) => _readers[local] != 0;

    /// <summary>Allocates a temporary register; may spill an older value. Preserves the flags.</summary>
    public Register Allocate()
    {
        if (!registers.HasFree)
        {
            SpillOne();
        }

        return registers.Allocate();
    }

    /// <summary>Allocates the given temporary register; moves a stack value out of it if necessary.</summary>
    public void Allocate(Register register)
    {
        if (!registers.IsFree(register))
        {
            Evict(register);
        }

        registers.Allocate(register);
    }

    /// <summary>Frees the temporary register of a popped value, if it has one.</summary>
    public void Free(in Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            registers.Free(operand.Register);
        }
    }

    /// <summary>A read-only register with a popped value: the local's, or a temporary register that the operand then owns.</summary>
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

    /// <summary>A writable temporary register with a popped value. The caller owns it.</summary>
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

    /// <summary>Loads a value into a register allocated for it. Preserves the flags.</summary>
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
                // Cleared first instead of zero-extended afterwards: a byte write alone would depend on the old value. Not by XOR, which sets flags.
                asm.Constant(to, 0);
                asm.SetByte(operand.Condition, to);
                break;
            default:
                asm.Move(operand.Width, to, AddressOf(in operand));
                break;
        }
    }

    /// <summary>As <see cref="Load(Register, in Operand)"/>, unless the register holds the value already.</summary>
    public void LoadUnlessIn(Register to, in Operand operand)
    {
        if (RegisterOf(in operand) != to)
        {
            Load(to, in operand);
        }
    }

    /// <summary>Whether a value is in the frame: spilled, or in a local without register.</summary>
    public bool IsInMemory(in Operand operand) =>
        operand.Kind == OperandKind.Slot || (operand.Kind == OperandKind.Local && frame.RegisterOf(operand.Index) == Register.None);

    /// <summary>The register of a value, or <see cref="Register.None"/>.</summary>
    public Register RegisterOf(in Operand operand) => operand.Kind switch
    {
        OperandKind.Register => operand.Register,
        OperandKind.Local => frame.RegisterOf(operand.Index),
        _ => Register.None,
    };

    /// <summary>The frame slot of a value for which <see cref="IsInMemory"/> holds.</summary>
    public Address AddressOf(in Operand operand) =>
        operand.Kind == OperandKind.Slot ? frame.SlotAt(operand.Index) : frame.AddressOf(operand.Index);

    /// <summary>Spills all values except constants, so that all paths agree on their locations.</summary>
    public void SpillAll()
    {
        for (; _spilled < Count; _spilled++)
        {
            Spill(_spilled);
        }
    }

    /// <summary>Spills the values that a call clobbers: temporaries, and locals in volatile registers.</summary>
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

    /// <summary>Copies the stack values that are in a local, given by its representative, before the local is set.</summary>
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

            // The allocation may have spilled another stack value, but not this one.
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

    /// <summary>Stores the value at a depth into its frame slot, unless it is a constant. Preserves the flags.</summary>
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

                // All 64 bits, so that the upper half of a 32-bit value is zero.
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
