namespace Fvm.Wasm;

/// <summary>Scalar floating-point arithmetic; the values are the last opcode bytes.</summary>
internal enum FloatOp : byte
{
    Sqrt = 0x51,
    Add = 0x58,
    Mul = 0x59,
    Sub = 0x5c,

    /// <summary>Minimum; the second operand if both are equal or one is NaN.</summary>
    Min = 0x5d,
    Div = 0x5e,

    /// <summary>Maximum; the second operand if both are equal or one is NaN.</summary>
    Max = 0x5f,
}
