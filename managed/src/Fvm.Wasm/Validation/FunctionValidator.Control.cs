namespace Fvm.Wasm;

internal sealed partial class FunctionValidator
{
    private void CheckControl(ref InstructionReader instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Nop:
                break;
            case Opcode.Unreachable:
                MarkUnreachable();
                break;
            case Opcode.Block or Opcode.Loop:
                PushFrame(instruction.Opcode, instruction.BlockType);
                break;
            case Opcode.If:
                Pop(ref instruction, ValueKind.I32);
                PushFrame(Opcode.If, instruction.BlockType);
                break;
            case Opcode.Else:
                CheckElse(ref instruction);
                break;
            case Opcode.End:
                CheckEnd(ref instruction);
                break;
            case Opcode.Br:
                PopResult(ref instruction, LabelAt(ref instruction, instruction.Index));
                MarkUnreachable();
                break;
            case Opcode.BrIf:
                Pop(ref instruction, ValueKind.I32);
                ValueKind label = LabelAt(ref instruction, instruction.Index);
                PopResult(ref instruction, label);
                PushResult(label);
                break;
            case Opcode.BrTable:
                CheckBranchTable(ref instruction);
                break;
            case Opcode.Return:
                PopResult(ref instruction, _frames[0].Result);
                MarkUnreachable();
                break;
            case Opcode.Call:
                if (instruction.Index >= (uint)_module.FunctionCount)
                {
                    throw instruction.Error($"unknown function {instruction.Index}");
                }

                CheckCall(ref instruction, _module.TypeOf((int)instruction.Index));
                break;
            case Opcode.CallIndirect:
                CheckIndirectCall(ref instruction);
                break;
            default:
                throw instruction.Error("instruction is not supported in function bodies");
        }
    }

    private void CheckIndirectCall(ref InstructionReader instruction)
    {
        CheckTableIndex(ref instruction, instruction.SecondIndex);
        if (instruction.Index >= (uint)_module.Types.Length)
        {
            throw instruction.Error($"unknown type {instruction.Index}");
        }

        Pop(ref instruction, ValueKind.I32);
        CheckCall(ref instruction, _module.Types[(int)instruction.Index]);
    }

    private void CheckCall(ref InstructionReader instruction, FunctionType type)
    {
        for (int i = type.Parameters.Length - 1; i >= 0; i--)
        {
            Pop(ref instruction, type.Parameters[i]);
        }

        PushResult(type.Result);
    }

    private void CheckElse(ref InstructionReader instruction)
    {
        if (_frames[_frameCount - 1].Opcode != Opcode.If)
        {
            throw instruction.Error("else outside an if");
        }

        ValidationFrame frame = PopFrame(ref instruction);
        PushFrame(Opcode.Else, frame.Result);
    }

    private void CheckEnd(ref InstructionReader instruction)
    {
        ValidationFrame frame = PopFrame(ref instruction);
        if (frame.Opcode == Opcode.If && frame.Result != ValueKind.Empty)
        {
            throw instruction.Error("type mismatch: an if with a result needs an else");
        }

        PushResult(frame.Result);
    }

    private void CheckBranchTable(ref InstructionReader instruction)
    {
        Pop(ref instruction, ValueKind.I32);
        ValueKind common = Unknown;
        foreach (uint label in instruction.Targets)
        {
            ValueKind type = LabelAt(ref instruction, label);
            if (common != Unknown && (type == ValueKind.Empty) != (common == ValueKind.Empty))
            {
                throw instruction.Error("type mismatch: targets of br_table carry different numbers of values");
            }

            common = type;
            if (type != ValueKind.Empty)
            {
                // The value stays for the next target. In unreachable code each target may give it a different type.
                bool fromStack = _operandCount > _frames[_frameCount - 1].Height;
                ValueKind actual = fromStack ? _operands[_operandCount - 1] : Unknown;
                Pop(ref instruction, type);
                if (fromStack)
                {
                    Push(actual);
                }
            }
        }

        PopResult(ref instruction, common);
        MarkUnreachable();
    }

    private ValueKind LabelAt(ref InstructionReader instruction, uint depth)
    {
        if (depth >= (uint)_frameCount)
        {
            throw instruction.Error($"unknown label {depth}");
        }

        return _frames[_frameCount - 1 - (int)depth].LabelType;
    }

    private void PushFrame(Opcode opcode, ValueKind result)
    {
        if (_frameCount == _frames.Length)
        {
            Array.Resize(ref _frames, _frameCount * 2);
        }

        _frames[_frameCount++] = new ValidationFrame(opcode, result, _operandCount, Unreachable: false);
    }

    private ValidationFrame PopFrame(ref InstructionReader instruction)
    {
        ValidationFrame frame = _frames[_frameCount - 1];
        PopResult(ref instruction, frame.Result);
        if (_operandCount != frame.Height)
        {
            throw instruction.Error("type mismatch: values remain on the stack at the end of a block");
        }

        _frameCount--;
        return frame;
    }

    private void MarkUnreachable()
    {
        ref ValidationFrame frame = ref _frames[_frameCount - 1];
        _operandCount = frame.Height;
        frame.Unreachable = true;
    }
}
