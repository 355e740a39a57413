namespace Fvm.Wasm;

internal sealed unsafe partial class Emitter
{
    /// <summary>Copies a whole vector register.</summary>
    public void Move(Xmm to, Xmm from) => Registers(0, 0x0f28, false, (int)to, (int)from);

    /// <summary>Loads 4 or 8 bytes and clears the rest.</summary>
    public void Move(bool wide, Xmm to, in Address from) => Memory(wide ? Repne : Rep, 0x0f10, false, (int)to, in from);

    public void Move(bool wide, in Address to, Xmm from) => Memory(wide ? Repne : Rep, 0x0f11, false, (int)from, in to);

    /// <summary>Moves bits from a general register.</summary>
    public void Move(bool wide, Xmm to, Register from) => Registers(OperandSize, 0x0f6e, wide, (int)to, (int)from);

    /// <summary>Moves bits to a general register.</summary>
    public void Move(bool wide, Register to, Xmm from) => Registers(OperandSize, 0x0f7e, wide, (int)from, (int)to);

    /// <summary>Arithmetic by the last byte of its opcode: 58 add, 59 mul, 5c sub, 5d min, 5e div, 5f max, 51 sqrt.</summary>
    public void Arithmetic(int opcode, bool wide, Xmm to, Xmm from) =>
        Registers(wide ? Repne : Rep, 0x0f00 | opcode, false, (int)to, (int)from);

    /// <summary>Compares and sets the flags; unordered sets parity.</summary>
    public void Compare(bool wide, Xmm left, Xmm right) => Registers(wide ? OperandSize : 0, 0x0f2e, false, (int)left, (int)right);

    /// <summary>Bitwise by the last byte of its opcode: 54 and, 55 and not, 56 or, 57 xor.</summary>
    public void Bitwise(int opcode, Xmm to, Xmm from) => Registers(0, 0x0f00 | opcode, false, (int)to, (int)from);

    /// <summary>Rounds: 0 to nearest even, 1 down, 2 up, 3 towards zero; without inexact exception.</summary>
    public void Round(int mode, bool wide, Xmm to, Xmm from)
    {
        Registers(OperandSize, wide ? 0x0f3a0b : 0x0f3a0a, false, (int)to, (int)from);
        Byte(mode | 8);
    }

    /// <summary>Truncates to a signed integer; the lowest one where it does not fit.</summary>
    public void Truncate(bool wideFloat, bool wideInteger, Register to, Xmm from) =>
        Registers(wideFloat ? Repne : Rep, 0x0f2c, wideInteger, (int)to, (int)from);

    /// <summary>Converts a signed integer.</summary>
    public void Convert(bool wideFloat, bool wideInteger, Xmm to, Register from) =>
        Registers(wideFloat ? Repne : Rep, 0x0f2a, wideInteger, (int)to, (int)from);

    /// <summary>Converts f32 to f64, or back where <paramref name="wide"/> names the source.</summary>
    public void Resize(bool wide, Xmm to, Xmm from) => Registers(wide ? Repne : Rep, 0x0f5a, false, (int)to, (int)from);

    /// <summary>Repeats the lower 8 bytes in the upper ones of 16.</summary>
    public void Repeat8(Xmm register) => Registers(OperandSize, 0x0f6c, false, (int)register, (int)register);
}
