namespace Fvm.MachineCode;

/// <summary>General-purpose registers; the values are their encodings.</summary>
internal enum GeneralRegister
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rbx = 3,
    Rsp = 4,
    Rbp = 5,
    Rsi = 6,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
    R12 = 12,
    R13 = 13,
    R14 = 14,
    R15 = 15,
}

/// <summary>Two-operand integer instructions; the values are their opcode extensions.</summary>
internal enum Arithmetic
{
    Add = 0,
    Or = 1,
    AddWithCarry = 2,
    SubtractWithBorrow = 3,
    And = 4,
    Subtract = 5,
    Xor = 6,
    Compare = 7,
}

/// <summary>Conditions of jumps; the values are their codes.</summary>
internal enum Flag
{
    Carry = 2,
    NoCarry = 3,
    Zero = 4,
    NotZero = 5,
}

/// <summary>A memory operand: bytes at an offset from the address in a register.</summary>
internal readonly record struct Place(GeneralRegister Base, int Offset)
{
    /// <summary>The operand that many bytes further.</summary>
    public Place Plus(int bytes) => this with { Offset = Offset + bytes };
}

/// <summary>The elements of a vector that an instruction writes: those whose bits are set in a mask register, 1 to 7; with 0, all.</summary>
/// <param name="Register">The mask register.</param>
/// <param name="Clears">Whether the others are cleared, and not left as they are. They are neither read nor written in memory.</param>
internal readonly record struct Mask(int Register, bool Clears = false);
