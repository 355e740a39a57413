namespace Fvm.Wasm;

/// <summary>Arithmetic on one float of a vector register, by the last byte of its opcode.</summary>
internal enum FloatOp : byte
{
    Sqrt = 0x51,
    Add = 0x58,
    Mul = 0x59,
    Sub = 0x5c,

    /// <summary>The second operand where neither is less, and where one is NaN.</summary>
    Min = 0x5d,
    Div = 0x5e,

    /// <summary>The second operand where neither is greater, and where one is NaN.</summary>
    Max = 0x5f,
}
