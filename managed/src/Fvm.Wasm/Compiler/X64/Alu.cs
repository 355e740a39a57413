namespace Fvm.Wasm;

/// <summary>Two-operand integer instructions by their number in the classic encoding.</summary>
internal enum Alu : byte
{
    Add = 0,
    Or = 1,

    /// <summary>Subtracts, and the carry with it.</summary>
    Sbb = 3,
    And = 4,
    Sub = 5,
    Xor = 6,
    Cmp = 7,
}
