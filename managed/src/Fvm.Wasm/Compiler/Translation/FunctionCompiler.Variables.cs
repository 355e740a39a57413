namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    private void LocalGet(int local)
    {
        if (_uses.Assignment.IsZero(local))
        {
            _stack.PushConstant(_localTypes[local], 0);
        }
        else
        {
            _stack.PushLocal(_localTypes[local], _frame.HomeOf(local));
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
        Operand value = _stack.Pop();
        Assign(local, ref value);
        _stack.Free(in value);
    }

    private void LocalTee(int local)
    {
        Operand value = _stack.Pop();
        Assign(local, ref value);
        _stack.Free(in value);
        LocalGet(local);
    }

    private void Assign(int local, ref Operand value)
    {
        int shared = _frame.HomeOf(local);
        if (value.Kind == OperandKind.Local && value.Index == shared)
        {
            return;
        }

        _stack.DetachLocal(shared);
        ForgetLocal(local);
        Register home = _frame.RegisterOf(local);
        if (home != Register.None)
        {
            _stack.Load(home, in value);
        }
        else if (value.IsImmediate && (value.IsWide || value.Immediate >= 0))
        {
            _asm.Store(Width.W64, _frame.AddressOf(local), value.Immediate);
        }
        else
        {
            Register from = _stack.ToRegister(ref value);
            _asm.Move(Width.W64, _frame.AddressOf(local), from);
        }
    }

    /// <summary>Discards the facts about a local that is set.</summary>
    private void ForgetLocal(int local)
    {
        int shared = _frame.HomeOf(local);
        _checked.Forget(shared);
        _lastStore.Forget(shared);
        _memoryLeft.Forget(shared);
    }

    /// <summary>Discards the facts that need not hold on all paths to a control-flow merge.</summary>
    /// <param name="time">The time of the start of the block that all paths to the merge come through.</param>
    private void ForgetAtMerge(int time)
    {
        _checked.KeepUntil(time);
        _lastStore.Clear();
        _memoryLeft.Clear();
    }

    /// <summary>Discards the facts that need not hold at the start of a later iteration of a loop.</summary>
    private void ForgetAtLoop(int offset)
    {
        _checked.KeepSetBefore(_lastSets, offset);
        _lastStore.Clear();
        _memoryLeft.Clear();
    }

    /// <summary>Finds the last sets of the locals: those with one home are one.</summary>
    private void FindLastSets(int locals)
    {
        if (_lastSets.Length < locals)
        {
            _lastSets = new int[Math.Max(locals, 2 * _lastSets.Length)];
        }

        foreach (int local in _uses.Used)
        {
            _lastSets[_frame.HomeOf(local)] = 0;
        }

        foreach (int local in _uses.Used)
        {
            ref int last = ref _lastSets[_frame.HomeOf(local)];
            last = Math.Max(last, _uses.LastSet(local));
        }
    }

    private Destination DestinationOf(in InstructionReader reader) =>
        Destination.Of(_module.Bytes.Span, reader.NextOffset, _frame, _stack);

    /// <summary>Pushes a result or, if it went to a local directly, skips the instruction that sets the local.</summary>
    private void PushResult(ref InstructionReader reader, ValueKind type, Register register, Destination destination)
    {
        if (!destination.IsLocal)
        {
            _stack.PushRegister(type, register);
            return;
        }

        reader.MoveNext();
        ForgetLocal(destination.Local);
        if (destination.Keeps)
        {
            LocalGet(destination.Local);
        }
    }

    private void GlobalGet(int index)
    {
        ValueKind type = _module.Globals[index].Type.Type;
        Register register = _stack.Allocate();
        _asm.Move(Widths.Of(type), register, CallingConvention.ContextField(InstanceLayout.Global(index)));
        _stack.PushRegister(type, register);
    }

    private void GlobalSet(int index)
    {
        Operand value = _stack.Pop();
        Address global = CallingConvention.ContextField(InstanceLayout.Global(index));
        if (value.IsImmediate && (value.IsWide || value.Immediate >= 0))
        {
            _asm.Store(Width.W64, in global, value.Immediate);
            return;
        }

        _asm.Move(Width.W64, in global, _stack.ToRegister(ref value));
        _stack.Free(in value);
    }

    private void Drop()
    {
        Operand value = _stack.Pop();
        _stack.Free(in value);
    }

    private void Select()
    {
        Operand condition = _stack.Pop();
        Operand second = _stack.Pop();
        Operand first = _stack.Pop();
        if (condition.Kind != OperandKind.Flags && !_stack.IsInMemory(in condition))
        {
            _stack.ToRegister(ref condition);
        }

        // Only moves up to the conditional move: the flags survive.
        Register result = _stack.ToOwnRegister(in first);
        Register other = _stack.IsInMemory(in second) ? Register.None : _stack.ToRegister(ref second);
        Condition whenZero = TestZero(ref condition);
        if (other == Register.None)
        {
            _asm.MoveIf(whenZero, second.Width, result, _stack.AddressOf(in second));
        }
        else
        {
            _asm.MoveIf(whenZero, second.Width, result, other);
        }

        _stack.Free(in second);
        _stack.PushRegister(first.Type, result);
    }
}
