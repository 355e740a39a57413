namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    /// <summary>The condition of a comparison, by opcode order: eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u.</summary>
    private static Condition ConditionOf(int comparison) => comparison switch
    {
        0 => Condition.Equal,
        1 => Condition.NotEqual,
        2 => Condition.Less,
        3 => Condition.Below,
        4 => Condition.Greater,
        5 => Condition.Above,
        6 => Condition.LessOrEqual,
        7 => Condition.BelowOrEqual,
        8 => Condition.GreaterOrEqual,
        _ => Condition.AboveOrEqual,
    };

    /// <summary>The equivalent condition with exchanged operands.</summary>
    private static Condition Mirror(Condition condition) => condition switch
    {
        Condition.Less => Condition.Greater,
        Condition.Greater => Condition.Less,
        Condition.LessOrEqual => Condition.GreaterOrEqual,
        Condition.GreaterOrEqual => Condition.LessOrEqual,
        Condition.Below => Condition.Above,
        Condition.Above => Condition.Below,
        Condition.BelowOrEqual => Condition.AboveOrEqual,
        Condition.AboveOrEqual => Condition.BelowOrEqual,
        _ => condition,
    };

    private void EqualsZero()
    {
        Operand value = _stack.Pop();
        if (value.Kind == OperandKind.Flags)
        {
            _stack.PushFlags(Invert(value.Condition));
            return;
        }

        if (_stack.IsInMemory(in value))
        {
            _asm.Cmp(value.Width, _stack.AddressOf(in value), 0);
        }
        else
        {
            Register register = _stack.ToRegister(ref value);
            _asm.Test(value.Width, register, register);
        }

        _stack.Free(in value);
        _stack.PushFlags(Condition.Equal);
    }

    private void Compare(in InstructionReader reader)
    {
        Width width = Widths.Of(reader.Traits.IsWide);
        Condition condition = ConditionOf(reader.Opcode - (width == Width.W64 ? Opcode.I64Eq : Opcode.I32Eq));
        Operand right = _stack.Pop();
        Operand left = _stack.Pop();
        if (left.Kind == OperandKind.Constant && right.Kind != OperandKind.Constant)
        {
            (left, right) = (right, left);
            condition = Mirror(condition);
        }

        if (_stack.IsInMemory(in left) && right.IsImmediate)
        {
            _asm.Cmp(width, _stack.AddressOf(in left), right.Immediate);
        }
        else if (right is { IsImmediate: true, Immediate: 0 } && (condition is Condition.Equal or Condition.NotEqual))
        {
            Register register = _stack.ToRegister(ref left);
            _asm.Test(width, register, register);
        }
        else
        {
            Apply(Alu.Cmp, width, _stack.ToRegister(ref left), ref right);
        }

        _stack.Free(in left);
        _stack.Free(in right);
        _stack.PushFlags(condition);
    }
}
