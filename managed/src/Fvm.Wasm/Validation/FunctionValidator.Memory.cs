using Fvm.Wasm.Binary;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Validation;

internal sealed partial class FunctionValidator
{
    private void CheckMemory(ref InstructionReader instruction)
    {
        if (_module.Memories.IsEmpty && instruction.Opcode != Opcode.DataDrop)
        {
            throw instruction.Error("unknown memory 0");
        }

        switch (instruction.Opcode)
        {
            case >= Opcode.I32Load and <= Opcode.I64Load32U:
                CheckAlignment(ref instruction);
                Pop(ref instruction, ValueKind.I32);
                Push(Signature.Of(instruction.Opcode).Result);
                break;
            case >= Opcode.I32Store and <= Opcode.I64Store32:
                CheckAlignment(ref instruction);
                Pop(ref instruction, Signature.Of(instruction.Opcode).Last);
                Pop(ref instruction, ValueKind.I32);
                break;
            case Opcode.MemorySize:
                Push(ValueKind.I32);
                break;
            case Opcode.MemoryGrow:
                Pop(ref instruction, ValueKind.I32);
                Push(ValueKind.I32);
                break;
            case Opcode.DataDrop:
                CheckDataIndex(ref instruction);
                break;
            case Opcode.MemoryInit:
                CheckDataIndex(ref instruction);
                PopRange(ref instruction);
                break;
            default:
                PopRange(ref instruction);
                break;
        }
    }

    private void CheckTable(ref InstructionReader instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.TableInit:
                CheckElementIndex(ref instruction);
                CheckTableIndex(ref instruction, instruction.SecondIndex);
                PopRange(ref instruction);
                break;
            case Opcode.ElemDrop:
                CheckElementIndex(ref instruction);
                break;
            case Opcode.TableCopy:
                CheckTableIndex(ref instruction, instruction.Index);
                CheckTableIndex(ref instruction, instruction.SecondIndex);
                PopRange(ref instruction);
                break;
            case Opcode.TableGet:
                CheckTableIndex(ref instruction, instruction.Index);
                Pop(ref instruction, ValueKind.I32);
                Push(ValueKind.FuncRef);
                break;
            case Opcode.TableSet:
                CheckTableIndex(ref instruction, instruction.Index);
                Pop(ref instruction, ValueKind.FuncRef);
                Pop(ref instruction, ValueKind.I32);
                break;
            case Opcode.TableGrow:
                CheckTableIndex(ref instruction, instruction.Index);
                Pop(ref instruction, ValueKind.I32);
                Pop(ref instruction, ValueKind.FuncRef);
                Push(ValueKind.I32);
                break;
            case Opcode.TableSize:
                CheckTableIndex(ref instruction, instruction.Index);
                Push(ValueKind.I32);
                break;
            default:
                CheckTableIndex(ref instruction, instruction.Index);
                Pop(ref instruction, ValueKind.I32);
                Pop(ref instruction, ValueKind.FuncRef);
                Pop(ref instruction, ValueKind.I32);
                break;
        }
    }

    private void PopRange(ref InstructionReader instruction)
    {
        Pop(ref instruction, ValueKind.I32);
        Pop(ref instruction, ValueKind.I32);
        Pop(ref instruction, ValueKind.I32);
    }

    private static void CheckAlignment(ref InstructionReader instruction)
    {
        if (instruction.Alignment > NaturalAlignment(instruction.Opcode))
        {
            throw instruction.Error("alignment must not be larger than natural");
        }
    }

    private static uint NaturalAlignment(Opcode opcode) => opcode switch
    {
        Opcode.I64Load or Opcode.F64Load or Opcode.I64Store or Opcode.F64Store => 3,
        Opcode.I32Load or Opcode.F32Load or Opcode.I64Load32S or Opcode.I64Load32U => 2,
        Opcode.I32Store or Opcode.F32Store or Opcode.I64Store32 => 2,
        Opcode.I32Load16S or Opcode.I32Load16U or Opcode.I64Load16S or Opcode.I64Load16U => 1,
        Opcode.I32Store16 or Opcode.I64Store16 => 1,
        _ => 0,
    };

    private void CheckDataIndex(ref InstructionReader instruction)
    {
        if (_dataCount < 0)
        {
            throw instruction.Error("data count section required");
        }

        if (instruction.Index >= (uint)_dataCount)
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
