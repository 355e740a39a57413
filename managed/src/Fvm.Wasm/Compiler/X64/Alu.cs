namespace Fvm.Wasm;

/// <summary>Two-operand integer instructions; the values are the group-1 opcode extensions (Intel SDM).</summary>
internal enum Alu : byte
{
    Add = 0,
    Or = 1,

    /// <summary>Subtract with borrow.</summary>
    Sbb = 3,
    And = 4,
    Sub = 5,
    Xor = 6,
    Cmp = 7,
}
