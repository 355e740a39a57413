namespace Fvm.Wasm;

internal sealed partial class FunctionTranslator
{
    private void TranslateUnary(IrOp op)
    {
        ushort operand = PopSlot();
        _code.Result(op, PushTemporary(), operand);
    }

    /// <summary>eqz: negates an integer comparison right before it.</summary>
    private void TranslateIsZero(Opcode opcode)
    {
        if (opcode == Opcode.I32Eqz && _stack[_count - 1].Kind == SlotOperandKind.Temporary && IsLastResult(StackSlot(_count - 1)))
        {
            ref Instruction last = ref _code[_code.Last];
            IrOp opposite = Comparisons.Opposite((IrOp)last.Op);
            if (opposite != IrOp.Trap)
            {
                last.Op = (ushort)opposite;
                return;
            }
        }

        TranslateUnary((IrOp)opcode);
    }

    private void TranslateBinary(in InstructionReader instruction)
    {
        Opcode opcode = instruction.Opcode;
        ref readonly OpcodeTraits traits = ref instruction.Traits;
        SlotOperand right = _stack[_count - 1];
        SlotOperand left = _stack[_count - 2];
        if (right.Kind == SlotOperandKind.Constant && SmallConstants.TryRight(opcode, in traits, right.Value, out IrOp op, out short constant))
        {
            Pop();
        }
        else if (left.Kind == SlotOperandKind.Constant && SmallConstants.TryLeft(opcode, in traits, left.Value, out op, out constant))
        {
            ushort remaining = SlotOf(_count - 1);
            Pop();
            Pop();
            _code.Result(op, PushTemporary(), remaining, (ushort)constant);
            return;
        }
        else
        {
            ushort first = SlotOf(_count - 2);
            ushort second = SlotOf(_count - 1);
            Pop();
            Pop();
            _code.Result((IrOp)opcode, PushTemporary(), first, second);
            return;
        }

        ushort operand = PopSlot();
        _code.Result(op, PushTemporary(), operand, (ushort)constant);
    }

    private void TranslateSelect()
    {
        ushort ifTrue = SlotOf(_count - 3);
        ushort ifFalse = SlotOf(_count - 2);
        ushort condition = SlotOf(_count - 1);
        Pop();
        Pop();
        Pop();
        _code.Effect(IrOp.Select, PushTemporary(), ifTrue, ifFalse);
        _code.Word(condition);
    }

    private void TranslateLoad(Opcode opcode, uint offset)
    {
        ushort address = SlotOf(_count - 1);
        if (offset > ushort.MaxValue)
        {
            address = AddLargeOffset(address, _count - 1, offset);
            offset = 0;
        }

        Pop();
        _code.Result((IrOp)opcode, PushTemporary(), address, (ushort)offset);
    }

    private void TranslateStore(Opcode opcode, uint offset)
    {
        ushort address = SlotOf(_count - 2);
        ushort value = SlotOf(_count - 1);
        if (offset > ushort.MaxValue)
        {
            address = AddLargeOffset(address, _count - 2, offset);
            offset = 0;
        }

        Pop();
        Pop();
        _code.Effect((IrOp)opcode, address, value, (ushort)offset);
    }

    /// <summary>Adds an offset of more than 16 bits in 64-bit arithmetic, without wrapping.</summary>
    private ushort AddLargeOffset(ushort address, int position, uint offset)
    {
        ushort scratch = StackSlot(_count);
        ushort sum = StackSlot(position);
        _code.EffectWide(IrOp.Constant, scratch, (int)offset);
        _code.Effect(IrOp.I64Add, sum, address, scratch);
        return sum;
    }
}
