namespace Fvm.Wasm;

internal sealed partial class Emitter
{
    /// <summary>Copies a 16-byte vector register.</summary>
    public void Move(Xmm to, Xmm from) => Registers(0, 0x0f28, Width.W32, (int)to, (int)from);

    /// <summary>Loads 4 or 8 bytes and clears the rest of the register.</summary>
    public void Move(Width width, Xmm to, in Address from) => Memory(Scalar(width), 0x0f10, Width.W32, (int)to, in from);

    public void Move(Width width, in Address to, Xmm from) => Memory(Scalar(width), 0x0f11, Width.W32, (int)from, in to);

    /// <summary>Moves the bits of a general-purpose register.</summary>
    public void Move(Width width, Xmm to, Register from) => Registers(OperandSize, 0x0f6e, width, (int)to, (int)from);

    /// <summary>Moves the bits to a general-purpose register.</summary>
    public void Move(Width width, Register to, Xmm from) => Registers(OperandSize, 0x0f7e, width, (int)from, (int)to);

    public void Arithmetic(FloatOp op, Width width, Xmm to, Xmm from) =>
        Registers(Scalar(width), 0x0f00 | (int)op, Width.W32, (int)to, (int)from);

    /// <summary>Compares and sets the flags; unordered operands set the parity flag.</summary>
    public void Compare(Width width, Xmm left, Xmm right) =>
        Registers(width == Width.W64 ? OperandSize : 0, 0x0f2e, Width.W32, (int)left, (int)right);

    public void And(Xmm to, Xmm from) => Registers(0, 0x0f54, Width.W32, (int)to, (int)from);

    public void Or(Xmm to, Xmm from) => Registers(0, 0x0f56, Width.W32, (int)to, (int)from);

    public void Xor(Xmm to, Xmm from) => Registers(0, 0x0f57, Width.W32, (int)to, (int)from);

    /// <summary>Rounds to an integral value, without inexact exception.</summary>
    public void Round(Rounding mode, Width width, Xmm to, Xmm from)
    {
        Registers(OperandSize, width == Width.W64 ? 0x0f3a0b : 0x0f3a0a, Width.W32, (int)to, (int)from);
        Byte((int)mode | 8);
    }

    /// <summary>Truncates to a signed integer; the minimum integer if out of range or NaN.</summary>
    public void Truncate(Width floatWidth, Width width, Register to, Xmm from) =>
        Registers(Scalar(floatWidth), 0x0f2c, width, (int)to, (int)from);

    /// <summary>Converts a signed integer.</summary>
    public void Convert(Width floatWidth, Width width, Xmm to, Register from) =>
        Registers(Scalar(floatWidth), 0x0f2a, width, (int)to, (int)from);

    /// <summary>Converts between f32 and f64; <paramref name="width"/> is that of the source.</summary>
    public void Resize(Width width, Xmm to, Xmm from) => Registers(Scalar(width), 0x0f5a, Width.W32, (int)to, (int)from);

    /// <summary>Broadcasts the lower 8 bytes to all 16.</summary>
    public void Repeat8(Xmm register) => Registers(OperandSize, 0x0f6c, Width.W32, (int)register, (int)register);

    /// <summary>Mandatory prefix of a scalar instruction.</summary>
    private static int Scalar(Width width) => width == Width.W64 ? Repne : Rep;
}
