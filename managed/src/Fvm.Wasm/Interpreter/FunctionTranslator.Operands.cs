using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

internal sealed partial class FunctionTranslator
{
    /// <summary>The slot of the operand at a height of the stack.</summary>
    private ushort StackSlot(int position)
    {
        int slot = _localSlots + position;
        if (slot > _maxSlot)
        {
            _maxSlot = slot;
        }

        return (ushort)slot;
    }

    private void Push(SlotOperand operand)
    {
        if (_count == _stack.Length)
        {
            Array.Resize(ref _stack, _count * 2);
        }

        _stack[_count++] = operand;
        if (_count - _lazyFloor > LazyWindow)
        {
            if (_stack[_lazyFloor].Kind == SlotOperandKind.Local)
            {
                Materialize(_lazyFloor);
            }

            _lazyFloor++;
        }
    }

    private void PushLocal(int slot)
    {
        _reads[slot]++;
        Push(new SlotOperand(SlotOperandKind.Local, slot, 0));
    }

    /// <summary>Pushes the result of the next instruction and returns its slot.</summary>
    private ushort PushTemporary()
    {
        ushort slot = StackSlot(_count);
        Push(default);
        return slot;
    }

    private SlotOperand Pop()
    {
        SlotOperand operand = _stack[--_count];
        if (_lazyFloor > _count)
        {
            _lazyFloor = _count;
        }

        if (operand.Kind == SlotOperandKind.Local)
        {
            _reads[operand.Slot]--;
        }

        return operand;
    }

    /// <summary>Pops an operand and returns a slot that holds it.</summary>
    private ushort PopSlot()
    {
        ushort slot = SlotOf(_count - 1);
        Pop();
        return slot;
    }

    /// <summary>A slot that holds the operand at a height; a constant is written to its own slot.</summary>
    private ushort SlotOf(int position)
    {
        ref SlotOperand operand = ref _stack[position];
        if (operand.Kind == SlotOperandKind.Local)
        {
            return (ushort)operand.Slot;
        }

        if (operand.Kind == SlotOperandKind.Constant)
        {
            Materialize(position);
        }

        return StackSlot(position);
    }

    /// <summary>Writes the operand at a height to its own slot.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Materialize(int position)
    {
        ref SlotOperand operand = ref _stack[position];
        if (operand.Kind == SlotOperandKind.Temporary)
        {
            return;
        }

        if (operand.Kind == SlotOperandKind.Local)
        {
            _reads[operand.Slot]--;
        }

        Move(operand, position, StackSlot(position));
        operand = default;
    }

    /// <summary>Writes the topmost operands to their own slots, as required by calls.</summary>
    private void MaterializeTop(int count)
    {
        for (int i = _count - count; i < _count; i++)
        {
            Materialize(i);
        }
    }

    /// <summary>
    /// Copies all operands out of locals, at the start of a block: only some of its paths may overwrite a local. Constants stay: they are
    /// the same on all paths.
    /// </summary>
    private void LeaveLocals()
    {
        for (int i = _lazyFloor; i < _count; i++)
        {
            if (_stack[i].Kind == SlotOperandKind.Local)
            {
                Materialize(i);
            }
        }

        _lazyFloor = _count;
    }

    /// <summary>Writes an operand, which is or was at a height of the stack, to a slot.</summary>
    private void Move(SlotOperand operand, int position, ushort to)
    {
        switch (operand.Kind)
        {
            case SlotOperandKind.Constant when operand.Value <= uint.MaxValue:
                _code.ResultWide(IrOp.Constant, to, (int)(uint)operand.Value);
                break;
            case SlotOperandKind.Constant:
                _code.Effect(IrOp.ConstantLong, to);
                _code.Word(operand.Value);
                break;
            default:
                ushort from = operand.Kind == SlotOperandKind.Local ? (ushort)operand.Slot : StackSlot(position);
                if (from != to)
                {
                    _code.Result(IrOp.Copy, to, from);
                }

                break;
        }
    }

    private void SetLocal(int slot)
    {
        SlotOperand operand = Pop();
        if (_reads[slot] != 0)
        {
            SaveReads(slot);
            Move(operand, _count, (ushort)slot);
            return;
        }

        if (operand.Kind == SlotOperandKind.Temporary && IsLastResult(StackSlot(_count)))
        {
            _code[_code.Last].A = (ushort)slot;
            _code.Label();
            return;
        }

        Move(operand, _count, (ushort)slot);
        _code.Label();
    }

    /// <summary>Saves the old value of a local for the operands that still refer to it.</summary>
    private void SaveReads(int slot)
    {
        for (int i = _count - 1; i >= _lazyFloor && _reads[slot] != 0; i--)
        {
            if (_stack[i].Kind == SlotOperandKind.Local && _stack[i].Slot == slot)
            {
                Materialize(i);
            }
        }
    }

    private bool IsLastResult(ushort slot) => _code.Last >= 0 && _code[_code.Last].A == slot;
}
