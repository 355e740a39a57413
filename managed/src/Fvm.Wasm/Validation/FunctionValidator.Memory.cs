namespace Fvm.Wasm;

internal sealed partial class FunctionValidator
{
    private void CheckAccess(ref InstructionReader instruction)
    {
        CheckMemoryExists(ref instruction);
        if (1u << (int)instruction.Alignment > (uint)instruction.Traits.Bytes)
        {
            throw instruction.Error("alignment must not be larger than natural");
        }

        PopOperands(ref instruction);
        PushResult(instruction.Traits.Result);
    }

    private void CheckMemory(ref InstructionReader instruction)
    {
        OpcodeState touches = instruction.Traits.Touches;
        if ((touches & (OpcodeState.Memory | OpcodeState.Sizes)) != 0)
        {
            CheckMemoryExists(ref instruction);
        }

        if ((touches & OpcodeState.Segments) != 0)
        {
            CheckDataIndex(ref instruction);
        }

        PopOperands(ref instruction);
        PushResult(instruction.Traits.Result);
    }

    private void CheckTable(ref InstructionReader instruction)
    {
        if ((instruction.Traits.Touches & OpcodeState.Segments) != 0)
        {
            CheckElementIndex(ref instruction);
        }
        else
        {
            CheckTableIndex(ref instruction, instruction.Index);
        }

        if (instruction.Traits.Immediates == ImmediateKind.TwoIndices)
        {
            CheckTableIndex(ref instruction, instruction.SecondIndex);
        }

        PopOperands(ref instruction);
        PushResult(instruction.Traits.Result);
    }

    private void CheckMemoryExists(ref InstructionReader instruction)
    {
        if (_module.Memories.IsEmpty)
        {
            throw instruction.Error("unknown memory 0");
        }
    }

    private void CheckDataIndex(ref InstructionReader instruction)
    {
        if (!_module.HasDataCount)
        {
            throw instruction.Error("data count section required");
        }

        if (instruction.Index >= (uint)_module.Data.Length)
        {
            throw instruction.Error($"unknown data segment {instruction.Index}");
        }
    }

    private void CheckElementIndex(ref InstructionReader instruction)
    {
        if (instruction.Index >= (uint)_module.Elements.Length)
        {
            throw instruction.Error($"unknown element segment {instruction.Index}");
        }
    }

    private void CheckTableIndex(ref InstructionReader instruction, uint table)
    {
        if (table >= (uint)_module.Tables.Length)
        {
            throw instruction.Error($"unknown table {table}");
        }
    }
}
