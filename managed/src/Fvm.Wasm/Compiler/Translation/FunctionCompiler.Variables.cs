namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    private void LocalGet(int local)
    {
        if (_uses.Assignment.IsZero(local))
        {
            PushConstant(_localTypes[local], 0);
        }
        else
        {
            Push(new Operand { Kind = OperandKind.Local, Type = _localTypes[local], Index = local });
        }
    }

    private void Variable(in InstructionReader reader)
    {
        int index = (int)reader.Index;
        switch (reader.Opcode)
        {
            case Opcode.LocalGet:
                LocalGet(index);
                break;
            case Opcode.LocalSet:
                LocalSet(index);
                break;
            case Opcode.LocalTee:
                LocalTee(index);
                break;
            case Opcode.GlobalGet:
                GlobalGet(index);
                break;
            case Opcode.GlobalSet:
                GlobalSet(index);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    private void LocalSet(int local)
    {
        Operand value = Pop();
        Assign(local, ref value);
        Free(in value);
    }

    private void LocalTee(int local)
    {
        Operand value = Pop();
        Assign(local, ref value);
        Free(in value);
        LocalGet(local);
    }

    private void Assign(int local, ref Operand value)
    {
        if (value.Kind == OperandKind.Local && value.Index == local)
        {
            return;
        }

        SettleLocal(local);
        ForgetLocal(local);
        Register home = _homes[local];
        if (home != Register.None)
        {
            Fetch(home, in value);
        }
        else if (value.IsImmediate && (value.IsWide || value.Immediate >= 0))
        {
            _asm.Store(Width.W64, AddressOfLocal(local), value.Immediate);
        }
        else
        {
            Register from = Read(ref value);
            _asm.Move(Width.W64, AddressOfLocal(local), from);
        }
    }

    /// <summary>Drops what was known of a local that is set.</summary>
    private void ForgetLocal(int local)
    {
        _checked.Forget(local);
        _lastStore.Forget(local);
    }

    /// <summary>Drops what was known on one way to a place where ways meet.</summary>
    private void ForgetWay()
    {
        _checked.Clear();
        _lastStore.Clear();
    }

    /// <summary>
    /// Whether the next instruction sets a local that is in a register, which can then take a result at once. No value of the operand
    /// stack may still be read from it; the operands of the instruction at hand are popped already.
    /// </summary>
    private bool TryTarget(in InstructionReader reader, out int local, out bool keeps)
    {
        ReadOnlySpan<byte> bytes = _module.Bytes.Span;
        int at = reader.NextOffset;
        byte opcode = bytes[at];
        keeps = opcode == (byte)Opcode.LocalTee;
        local = 0;
        if (!keeps && opcode != (byte)Opcode.LocalSet)
        {
            return false;
        }

        int shift = 0;
        byte next;
        do
        {
            next = bytes[++at];
            local |= (next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        return _homes[local] != Register.None && _pending[local] == 0;
    }

    /// <summary>Pushes a result, or, where it went to a local at once, reads over the instruction that would have set it.</summary>
    private void Deliver(ref InstructionReader reader, ValueKind type, Register register, bool direct, int local, bool keeps)
    {
        if (!direct)
        {
            PushRegister(type, register);
            return;
        }

        reader.MoveNext();
        ForgetLocal(local);
        if (keeps)
        {
            LocalGet(local);
        }
    }

    private void GlobalGet(int index)
    {
        ValueKind type = _module.Globals[index].Type.Type;
        Register register = Take();
        _asm.Move(Widths.Of(type), register, Convention.ContextField(InstanceLayout.Global(index)));
        PushRegister(type, register);
    }

    private void GlobalSet(int index)
    {
        Operand value = Pop();
        Address global = Convention.ContextField(InstanceLayout.Global(index));
        if (value.IsImmediate && (value.IsWide || value.Immediate >= 0))
        {
            _asm.Store(Width.W64, in global, value.Immediate);
            return;
        }

        _asm.Move(Width.W64, in global, Read(ref value));
        Free(in value);
    }

    private void Drop()
    {
        Operand value = Pop();
        Free(in value);
    }

    private void Select()
    {
        Operand condition = Pop();
        Operand second = Pop();
        Operand first = Pop();
        if (condition.Kind != OperandKind.Flags && !IsInMemory(in condition))
        {
            Read(ref condition);
        }

        // Only moves from here to the conditional one.
        Register result = Own(in first);
        Register other = IsInMemory(in second) ? Register.None : Read(ref second);
        Condition whenZero = TestZero(ref condition);
        if (other == Register.None)
        {
            _asm.MoveIf(whenZero, second.Width, result, MemoryOf(in second));
        }
        else
        {
            _asm.MoveIf(whenZero, second.Width, result, other);
        }

        Free(in second);
        PushRegister(first.Type, result);
    }
}
