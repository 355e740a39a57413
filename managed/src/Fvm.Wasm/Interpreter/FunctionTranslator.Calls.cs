namespace Fvm.Wasm;

internal sealed partial class FunctionTranslator
{
    private void TranslateCall(int function)
    {
        FunctionType type = _module.TypeOf(function);
        MaterializeTop(type.Parameters.Length);
        ushort start = PopArguments(type.Parameters.Length);
        if (_module.IsImported(function))
        {
            _code.EffectWide(IrOp.CallHost, start, function);
        }
        else
        {
            _code.EffectWide(IrOp.Call, start, function - _module.ImportedFunctionCount);
        }

        PushCallResult(type);
    }

    private void TranslateIndirectCall(int typeIndex)
    {
        FunctionType type = _module.Types[typeIndex];
        ushort element = SlotOf(_count - 1);
        Pop();
        MaterializeTop(type.Parameters.Length);
        ushort start = PopArguments(type.Parameters.Length);
        _code.Effect(IrOp.CallIndirect, start, element);
        _code.Word((ulong)_typeIds[typeIndex]);
        PushCallResult(type);
    }

    private ushort PopArguments(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Pop();
        }

        return StackSlot(_count);
    }

    private void PushCallResult(FunctionType type)
    {
        if (type.Result != ValueKind.Empty)
        {
            PushTemporary();
        }
    }

    /// <summary>Memory and table instructions other than loads and stores; three operands must be in their own slots.</summary>
    private void TranslateBulk(ref InstructionReader instruction)
    {
        Opcode opcode = instruction.Opcode;
        switch (opcode)
        {
            case Opcode.MemorySize:
                _code.Result(IrOp.MemorySize, PushTemporary());
                break;
            case Opcode.MemoryGrow:
                TranslateInPlace(IrOp.MemoryGrow, 1);
                break;
            case Opcode.DataDrop or Opcode.ElemDrop:
                _code.EffectWide(opcode == Opcode.DataDrop ? IrOp.DataDrop : IrOp.ElementDrop, 0, (int)instruction.Index);
                break;
            case Opcode.TableGet:
                ushort element = PopSlot();
                _code.Effect(IrOp.TableGet, PushTemporary(), element);
                break;
            case Opcode.TableSet:
                ushort value = SlotOf(_count - 1);
                ushort at = SlotOf(_count - 2);
                Pop();
                Pop();
                _code.Effect(IrOp.TableSet, at, value);
                break;
            case Opcode.TableGrow:
                TranslateInPlace(IrOp.TableGrow, 2);
                break;
            case Opcode.TableSize:
                _code.Result(IrOp.TableSize, PushTemporary());
                break;
            case var _ when instruction.Traits.Pops == 3:
                TranslateRange(IrOp.MemoryInit + (ushort)(opcode - Opcode.MemoryInit), (int)instruction.Index);
                break;
            default:
                throw NoCode(opcode);
        }
    }

    private void TranslateRange(IrOp op, int index)
    {
        MaterializeTop(3);
        _code.EffectWide(op, PopArguments(3), index);
    }

    private void TranslateInPlace(IrOp op, int operands)
    {
        MaterializeTop(operands);
        PopArguments(operands);
        _code.Effect(op, PushTemporary());
    }
}
