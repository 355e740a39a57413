namespace Fvm.Wasm;

internal sealed partial class FunctionTranslator
{
    /// <summary>A jump before it is written.</summary>
    /// <param name="Op">The jump.</param>
    /// <param name="A">Its first slot.</param>
    /// <param name="B">Its second slot, for a comparison of slots.</param>
    /// <param name="Comparand">Its constant, for a comparison with a constant.</param>
    /// <param name="HasWord">Whether distance and constant are in a further word.</param>
    private readonly record struct Condition(IrOp Op, ushort A, ushort B, short Comparand, bool HasWord);

    /// <summary>Pops a condition; a comparison written for it is fused into the jump.</summary>
    /// <param name="when">The value of the condition for which the jump is taken.</param>
    private Condition TakeCondition(bool when)
    {
        if (_stack[_count - 1].Kind == SlotOperandKind.Temporary && IsLastResult(StackSlot(_count - 1)))
        {
            Instruction last = _code[_code.Last];
            IrOp op = (IrOp)last.Op;
            if (op is IrOp.I32Eqz or IrOp.I64Eqz)
            {
                _code.TakeLast();
                Pop();
                IrOp zero = op == IrOp.I32Eqz ? (when ? IrOp.JumpIfNot : IrOp.JumpIf) : (when ? IrOp.JumpIfNot64 : IrOp.JumpIf64);
                return new Condition(zero, last.B, 0, 0, false);
            }

            IrOp jump = Comparisons.Jump(op, when);
            if (jump != IrOp.Trap)
            {
                _code.TakeLast();
                Pop();
                return jump >= IrOp.JumpI32EqConstant
                    ? new Condition(jump, last.B, 0, last.Small, true)
                    : new Condition(jump, last.B, last.C, 0, true);
            }
        }

        return new Condition(when ? IrOp.JumpIf : IrOp.JumpIfNot, PopSlot(), 0, 0, false);
    }

    /// <summary>Writes a jump and returns its distance field.</summary>
    private int WriteJump(Condition condition)
    {
        int field = (2 * _code.Count) + (condition.HasWord ? 2 : 1);
        if (condition.HasWord)
        {
            _code.Effect(condition.Op, condition.A, condition.B);
            _code.Word((ulong)(uint)(int)condition.Comparand << 32);
        }
        else
        {
            _code.EffectWide(condition.Op, condition.A, 0);
        }

        return field;
    }
}
