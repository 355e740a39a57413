namespace Fvm.Wasm;

internal sealed partial class FunctionTranslator
{
    private BlockLabel[] _labels = new BlockLabel[32];
    private int _labelCount;

    private void TranslateControl(ref InstructionReader instruction)
    {
        bool hasResult = instruction.BlockType != ValueKind.Empty;
        switch (instruction.Opcode)
        {
            case Opcode.Nop:
                break;
            case Opcode.Unreachable:
                _code.EffectWide(IrOp.Trap, 0, (int)TrapCode.Unreachable);
                _unreachable = true;
                break;
            case Opcode.Block:
                LeaveLocals();
                PushLabel(Opcode.Block, hasResult);
                break;
            case Opcode.Loop:
                LeaveLocals();
                PushLabel(Opcode.Loop, hasResult);
                _code.Label();
                break;
            case Opcode.If:
                TranslateIf(hasResult);
                break;
            case Opcode.Else:
                TranslateElse();
                break;
            case Opcode.End:
                TranslateEnd();
                break;
            case Opcode.Br:
                WriteBranch((int)instruction.Index);
                _unreachable = true;
                break;
            case Opcode.BrIf:
                TranslateConditionalBranch((int)instruction.Index);
                break;
            case Opcode.BrTable:
                TranslateBranchTable(ref instruction);
                break;
            case Opcode.Return:
                WriteReturn();
                _unreachable = true;
                break;
            case Opcode.Call:
                TranslateCall((int)instruction.Index);
                break;
            case Opcode.CallIndirect:
                TranslateIndirectCall((int)instruction.Index);
                break;
            default:
                throw NoCode(instruction.Opcode);
        }
    }

    /// <summary>Skips unreachable code up to the <c>else</c> or <c>end</c> of its block.</summary>
    private void SkipUnreachable(ref InstructionReader instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                _deadBlocks++;
                break;
            case Opcode.Else when _deadBlocks == 0:
                TranslateElse();
                break;
            case Opcode.End when _deadBlocks == 0:
                TranslateEnd();
                break;
            case Opcode.End:
                _deadBlocks--;
                break;
            default:
                break;
        }
    }

    private void PushLabel(Opcode opcode, bool hasResult)
    {
        if (_labelCount == _labels.Length)
        {
            Array.Resize(ref _labels, _labelCount * 2);
        }

        _labels[_labelCount++] = new BlockLabel
        {
            Opcode = opcode,
            HasResult = hasResult,
            Height = _count,
            Start = _code.Count,
            Jumps = BlockLabel.None,
            ElseJump = BlockLabel.None,
            StubTable = BlockLabel.None,
        };
    }

    private void TranslateIf(bool hasResult)
    {
        Condition condition = TakeCondition(when: false);
        LeaveLocals();
        PushLabel(Opcode.If, hasResult);
        _labels[_labelCount - 1].ElseJump = WriteJump(condition);
    }

    private void TranslateElse()
    {
        ref BlockLabel label = ref _labels[_labelCount - 1];
        if (!_unreachable)
        {
            MoveResult(ref label);
            WriteJumpToEnd(ref label);
        }

        Truncate(label.Height);
        Patch(label.ElseJump, _code.Count);
        label.ElseJump = BlockLabel.None;
        label.Opcode = Opcode.Else;
        _code.Label();
        _unreachable = false;
    }

    private void TranslateEnd()
    {
        ref BlockLabel label = ref _labels[_labelCount - 1];
        if (_labelCount == 1)
        {
            if (!_unreachable)
            {
                WriteReturn();
            }

            _unreachable = true;
            _labelCount = 0;
            return;
        }

        if (!_unreachable)
        {
            MoveResult(ref label);
        }

        bool joined = label.Jumps != BlockLabel.None || label.ElseJump != BlockLabel.None;
        PatchAll(label.Jumps, _code.Count);
        Patch(label.ElseJump, _code.Count);
        if (joined)
        {
            _code.Label();
        }

        _unreachable &= !joined;
        Truncate(label.Height);
        if (label.HasResult && !_unreachable)
        {
            PushTemporary();
        }

        _labelCount--;
    }

    private void Truncate(int height)
    {
        while (_count > height)
        {
            Pop();
        }
    }

    /// <summary>Moves the topmost operand to the slot of the block's result.</summary>
    private void MoveResult(ref BlockLabel label)
    {
        if (label.HasResult)
        {
            SlotOperand operand = _stack[_count - 1];
            Move(operand, _count - 1, StackSlot(label.Height));
        }
    }

    private bool NeedsMove(ref BlockLabel label) =>
        label.HasResult && label.Opcode != Opcode.Loop &&
        (_stack[_count - 1].Kind != SlotOperandKind.Temporary || _count - 1 != label.Height);

    /// <summary>Writes an unconditional branch with its value.</summary>
    private void WriteBranch(int depth)
    {
        int index = _labelCount - 1 - depth;
        ref BlockLabel label = ref _labels[index];
        if (index == 0)
        {
            WriteReturn();
        }
        else if (label.Opcode == Opcode.Loop)
        {
            _code.EffectWide(IrOp.Jump, 0, label.Start - _code.Count);
        }
        else
        {
            MoveResult(ref label);
            WriteJumpToEnd(ref label);
        }
    }

    private void TranslateConditionalBranch(int depth)
    {
        int index = _labelCount - 1 - depth;
        ref BlockLabel label = ref _labels[index];
        bool direct = index != 0 && !NeedsMoveBelow(ref label);
        Condition condition = TakeCondition(when: direct);
        int field = WriteJump(condition);
        if (!direct)
        {
            WriteBranch(depth);
            Patch(field, _code.Count);
            _code.Label();
        }
        else if (label.Opcode == Opcode.Loop)
        {
            Patch(field, label.Start);
        }
        else
        {
            Link(ref label, field);
        }
    }

    /// <summary>As <see cref="NeedsMove"/> with a condition still on top of the value.</summary>
    private bool NeedsMoveBelow(ref BlockLabel label) =>
        label.HasResult && label.Opcode != Opcode.Loop &&
        (_stack[_count - 2].Kind != SlotOperandKind.Temporary || _count - 2 != label.Height);

    private void WriteReturn()
    {
        if (!_hasResult)
        {
            _code.Effect(IrOp.Return);
            return;
        }

        SlotOperand operand = _stack[_count - 1];
        if (operand.Kind == SlotOperandKind.Constant)
        {
            _code.Effect(IrOp.ReturnConstant);
            _code.Word(operand.Value);
        }
        else
        {
            _code.Effect(IrOp.ReturnValue, SlotOf(_count - 1));
        }
    }

    private void TranslateBranchTable(ref InstructionReader instruction)
    {
        ushort index = PopSlot();
        int table = _code.Count;
        _code.EffectWide(IrOp.BranchTable, index, (int)instruction.Index);
        for (uint i = 0; i <= instruction.Index; i++)
        {
            _code.Word(0);
        }

        int entry = table + 1;
        foreach (uint depth in instruction.Targets)
        {
            int position = _labelCount - 1 - (int)depth;
            ref BlockLabel label = ref _labels[position];
            if (label.Opcode == Opcode.Loop)
            {
                Patch(2 * entry, label.Start);
            }
            else if (position != 0 && !NeedsMove(ref label))
            {
                Link(ref label, 2 * entry);
            }
            else
            {
                if (label.StubTable != table)
                {
                    label.StubTable = table;
                    label.Stub = _code.Count;
                    WriteBranch((int)depth);
                }

                Patch(2 * entry, label.Stub);
            }

            entry++;
        }

        _unreachable = true;
    }

    private void WriteJumpToEnd(ref BlockLabel label)
    {
        int field = (2 * _code.Count) + 1;
        _code.EffectWide(IrOp.Jump, 0, 0);
        Link(ref label, field);
    }

    /// <summary>Adds a distance field to the list resolved at the block's end.</summary>
    private void Link(ref BlockLabel label, int field)
    {
        Field(field) = label.Jumps;
        label.Jumps = field;
    }

    private void PatchAll(int field, int target)
    {
        while (field != BlockLabel.None)
        {
            int next = Field(field);
            Patch(field, target);
            field = next;
        }
    }

    private void Patch(int field, int target)
    {
        if (field != BlockLabel.None)
        {
            Field(field) = target - (field >> 1);
        }
    }

    private ref int Field(int field)
    {
        ref Instruction word = ref _code[field >> 1];
        return ref (field & 1) == 0 ? ref word.Distance : ref word.Wide;
    }
}
