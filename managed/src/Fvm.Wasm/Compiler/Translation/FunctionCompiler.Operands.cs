using System.Numerics;

namespace Fvm.Wasm;

/// <summary>The operand stack and the registers for intermediate values.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>
    /// Values further below the top than this are in the frame or constants. It bounds every search through the stack.
    /// </summary>
    private const int Window = 24;

    private Operand[] _stack = new Operand[256];
    private int _top;

    /// <summary>Values below this depth are constants or in the frame.</summary>
    private int _settled;
    private int _deepest;

    /// <summary>Temporary registers that hold nothing.</summary>
    private uint _free;

    /// <summary>Values on the stack that are in a local, by local.</summary>
    private int[] _pending = [];

    private void ResetOperands()
    {
        // What the function before has left on the stack is still counted.
        foreach (ref Operand operand in _stack.AsSpan(0, _top))
        {
            if (operand.Kind == OperandKind.Local)
            {
                _pending[operand.Index] = 0;
            }
        }

        _top = 0;
        _settled = 0;
        _deepest = 0;
        _free = Convention.Temporaries;
    }

    private void PushConstant(ValueKind type, ulong bits) =>
        Push(new Operand { Kind = OperandKind.Constant, Type = type, Bits = bits });

    private void PushRegister(ValueKind type, Register register) =>
        Push(new Operand { Kind = OperandKind.Register, Type = type, Register = register });

    private void PushFlags(Condition condition) =>
        Push(new Operand { Kind = OperandKind.Flags, Type = ValueKind.I32, Condition = condition });

    private void Push(Operand operand)
    {
        if (_top == _stack.Length)
        {
            Array.Resize(ref _stack, _top * 2);
        }

        if (operand.Kind == OperandKind.Local)
        {
            _pending[operand.Index]++;
        }

        _stack[_top++] = operand;
        if (_top - _settled > Window)
        {
            Settle(_settled++);
        }
    }

    /// <summary>Takes the topmost value. Its register, if it has one, is the caller's to free.</summary>
    private Operand Pop()
    {
        Operand operand = _stack[--_top];
        _settled = Math.Min(_settled, _top);
        if (operand.Kind == OperandKind.Local)
        {
            _pending[operand.Index]--;
        }
        else if (operand.Kind == OperandKind.Slot)
        {
            operand.Index = _top;
        }

        return operand;
    }

    /// <summary>Takes a free temporary register, for which an older value may go to the frame. Never changes the flags.</summary>
    private Register Take()
    {
        if (_free == 0)
        {
            SpillOne();
        }

        Register register = (Register)BitOperations.TrailingZeroCount(_free);
        _free &= _free - 1;
        return register;
    }

    /// <summary>Takes a certain temporary register. What the operand stack has there moves elsewhere.</summary>
    private void Take(Register register)
    {
        uint bit = 1u << (int)register;
        if ((_free & bit) == 0)
        {
            Evict(register);
        }

        _free &= ~bit;
    }

    private void Free(Register register) => _free |= (1u << (int)register) & Convention.Temporaries;

    private void Free(in Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            Free(operand.Register);
        }
    }

    /// <summary>A register with the value, for reading only: the local's own, or a temporary one that the operand then owns.</summary>
    private Register Read(ref Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            return operand.Register;
        }

        if (operand.Kind == OperandKind.Local && _homes[operand.Index] is Register home and not Register.None)
        {
            return home;
        }

        Register register = Take();
        Fetch(register, in operand);
        operand.Kind = OperandKind.Register;
        operand.Register = register;
        return register;
    }

    /// <summary>A temporary register with the value, to be changed at will. The caller owns it.</summary>
    private Register Own(in Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            return operand.Register;
        }

        Register register = Take();
        Fetch(register, in operand);
        return register;
    }

    /// <summary>Brings a value into a register that is free for it; leaves the flags alone.</summary>
    private void Fetch(Register to, in Operand operand)
    {
        switch (operand.Kind)
        {
            case OperandKind.Constant:
                _asm.Constant(to, operand.Bits);
                break;
            case OperandKind.Register:
                if (operand.Register != to)
                {
                    _asm.Move(operand.Width, to, operand.Register);
                }

                break;
            case OperandKind.Local when _homes[operand.Index] is Register home and not Register.None:
                _asm.Move(operand.Width, to, home);
                break;
            case OperandKind.Flags:
                // Cleared before and not extended after: the byte alone would wait for what the register held. Not by XOR, which sets flags.
                _asm.Constant(to, 0);
                _asm.SetByte(operand.Condition, to);
                break;
            default:
                _asm.Move(operand.Width, to, MemoryOf(in operand));
                break;
        }
    }

    /// <summary>Whether the value is read from the frame.</summary>
    private bool IsInMemory(in Operand operand) =>
        operand.Kind == OperandKind.Slot || (operand.Kind == OperandKind.Local && _homes[operand.Index] == Register.None);

    /// <summary>The register that a value is in; <see cref="Register.None"/> if it is in none.</summary>
    private Register RegisterOf(in Operand operand) => operand.Kind switch
    {
        OperandKind.Register => operand.Register,
        OperandKind.Local => _homes[operand.Index],
        _ => Register.None,
    };

    private Address MemoryOf(in Operand operand) =>
        operand.Kind == OperandKind.Slot ? SlotAt(operand.Index) : AddressOfLocal(operand.Index);

    private Address SlotAt(int depth) => new(Register.Rsp, _operandsAt + (8 * depth));

    /// <summary>Brings the value at a depth to its place in the frame, unless it is a constant. Never changes the flags.</summary>
    private void Settle(int depth)
    {
        ref Operand operand = ref _stack[depth];
        switch (operand.Kind)
        {
            case OperandKind.Constant:
            case OperandKind.Slot:
                return;
            case OperandKind.Register:
                Spill(ref operand, depth);
                return;
            case OperandKind.Local:
                _pending[operand.Index]--;
                Register home = _homes[operand.Index];
                Register register = home;
                if (home == Register.None)
                {
                    register = Take();
                    Fetch(register, in operand);
                }

                // Whole, so that the upper half is zero for the narrow types.
                ref Operand settled = ref _stack[depth];
                _asm.Move(Width.W64, SlotAt(depth), register);
                settled.Kind = OperandKind.Slot;
                settled.Index = depth;
                _deepest = Math.Max(_deepest, depth + 1);
                if (home == Register.None)
                {
                    Free(register);
                }

                return;
            default:
                throw new InvalidOperationException("flags cannot be settled");
        }
    }

    private void Spill(ref Operand operand, int depth)
    {
        _asm.Move(Width.W64, SlotAt(depth), operand.Register);
        Free(operand.Register);
        operand.Kind = OperandKind.Slot;
        operand.Index = depth;
        _deepest = Math.Max(_deepest, depth + 1);
    }

    private void SpillOne()
    {
        for (int depth = _settled; depth < _top; depth++)
        {
            if (_stack[depth].Kind == OperandKind.Register)
            {
                Spill(ref _stack[depth], depth);
                return;
            }
        }

        throw new InvalidOperationException("an instruction holds all registers");
    }

    private void Evict(Register register)
    {
        for (int depth = _settled; depth < _top; depth++)
        {
            ref Operand operand = ref _stack[depth];
            if (operand.Kind != OperandKind.Register || operand.Register != register)
            {
                continue;
            }

            if (_free == 0)
            {
                Spill(ref operand, depth);
                return;
            }

            Register other = Take();
            _asm.Move(operand.Width, other, register);
            operand.Register = other;
            Free(register);
            return;
        }

        throw new InvalidOperationException("the register is held by the instruction itself");
    }

    /// <summary>Brings all values into the frame, except constants and flags.</summary>
    private void SettleAll()
    {
        for (; _settled < _top; _settled++)
        {
            Settle(_settled);
        }
    }

    /// <summary>Brings values that a call would lose into the frame; those in locals stay.</summary>
    private void SettleRegisters()
    {
        for (int depth = _settled; depth < _top; depth++)
        {
            if (_stack[depth].Kind == OperandKind.Register)
            {
                Spill(ref _stack[depth], depth);
            }
        }
    }

    /// <summary>Makes values that are read from a local independent of it, before it is set.</summary>
    private void SettleLocal(int local)
    {
        for (int depth = _top - 1; _pending[local] > 0; depth--)
        {
            ref Operand operand = ref _stack[depth];
            if (operand.Kind != OperandKind.Local || operand.Index != local)
            {
                continue;
            }

            Register register = Take();

            // Taking a register may have changed the stack, but not this value.
            Fetch(register, in _stack[depth]);
            _stack[depth].Kind = OperandKind.Register;
            _stack[depth].Register = register;
            _pending[local]--;
        }
    }

    private void MaterializeFlags()
    {
        Operand flags = Pop();
        Register register = Take();
        Fetch(register, in flags);
        PushRegister(ValueKind.I32, register);
    }
}
