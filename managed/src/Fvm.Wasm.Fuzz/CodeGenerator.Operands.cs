namespace Fvm.Wasm.Fuzz;

/// <content>Operands for the edges of operations.</content>
internal sealed partial class CodeGenerator
{
    /// <summary>Operands of a signed division that overflows often: the minimum, or any number, by -1, constant or computed.</summary>
    private void Overflowing(char kind)
    {
        if (_random.OneIn(4))
        {
            Expression(kind);
        }
        else
        {
            Integer(kind, kind == 'i' ? int.MinValue : long.MinValue);
        }

        if (_random.OneIn(2))
        {
            Integer(kind, -1);
        }
        else
        {
            // Unknown at compile time.
            Leaf(kind);
            Integer(kind, -1);
            Op(kind == 'i' ? Opcode.I32Or : Opcode.I64Or);
        }
    }

    /// <summary>Operands of a minimum or maximum that differ in sign only: two zeros, the first one's sign from any number.</summary>
    private void Zeros(char kind)
    {
        bool wide = kind == 'F';
        Float(wide, 0);
        Leaf(kind);
        Op(wide ? Opcode.F64Copysign : Opcode.F32Copysign);
        Float(wide, _random.OneIn(2) ? -0.0 : 0.0);
    }

    private void Float(bool wide, double value) => _ = wide
        ? Op(Opcode.F64Const).Fixed(BitConverter.DoubleToUInt64Bits(value), 8)
        : Op(Opcode.F32Const).Fixed(BitConverter.SingleToUInt32Bits((float)value), 4);

    private void Integer(char kind, long value) => Op(kind == 'i' ? Opcode.I32Const : Opcode.I64Const).Signed(value);
}
