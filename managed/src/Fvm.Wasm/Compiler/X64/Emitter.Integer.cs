namespace Fvm.Wasm;

internal sealed partial class Emitter
{
    private const int OperandSize = 0x66;
    private const int Repne = 0xf2;
    private const int Rep = 0xf3;

    public void Move(Width width, Register to, Register from) => Registers(0, 0x8b, width, (int)to, (int)from);

    public void Move(Width width, Register to, in Address from) => Memory(0, 0x8b, width, (int)to, in from);

    public void Move(Width width, in Address to, Register from) => Memory(0, 0x89, width, (int)from, in to);

    /// <summary>Loads a constant; preserves the flags.</summary>
    public void Constant(Register to, ulong value)
    {
        int number = (int)to;
        if (value <= uint.MaxValue)
        {
            if (number >= 8)
            {
                Byte(0x41);
            }

            Byte(0xb8 | (number & 7));
            Int32((int)value);
        }
        else if ((long)value == (int)value)
        {
            Registers(0, 0xc7, Width.W64, 0, number);
            Int32((int)value);
        }
        else
        {
            Byte(0x48 | (number >> 3));
            Byte(0xb8 | (number & 7));
            Int64((long)value);
        }
    }

    /// <summary>Stores a 4-byte constant, sign-extended to 8 bytes for 64 bits.</summary>
    public void Store(Width width, in Address to, int value)
    {
        Memory(0, 0xc7, width, 0, in to);
        Int32(value);
    }

    public void Store8(in Address to, int value)
    {
        Memory(0, 0xc6, Width.W32, 0, in to);
        Byte(value);
    }

    public void Store16(in Address to, int value)
    {
        Memory(OperandSize, 0xc7, Width.W32, 0, in to);
        Byte(value);
        Byte(value >> 8);
    }

    public void Store8(in Address to, Register from) => Memory(0, 0x88, Width.W32, (int)from, in to, bytes: true);

    public void Store16(in Address to, Register from) => Memory(OperandSize, 0x89, Width.W32, (int)from, in to);

    public void LoadZero8(Register to, in Address from) => Memory(0, 0x0fb6, Width.W32, (int)to, in from);

    public void LoadZero16(Register to, in Address from) => Memory(0, 0x0fb7, Width.W32, (int)to, in from);

    public void LoadSigned8(Width width, Register to, in Address from) => Memory(0, 0x0fbe, width, (int)to, in from);

    public void LoadSigned16(Width width, Register to, in Address from) => Memory(0, 0x0fbf, width, (int)to, in from);

    public void LoadSigned32(Register to, in Address from) => Memory(0, 0x63, Width.W64, (int)to, in from);

    public void SignExtend8(Width width, Register to, Register from) => Registers(0, 0x0fbe, width, (int)to, (int)from, bytes: true);

    public void SignExtend16(Width width, Register to, Register from) => Registers(0, 0x0fbf, width, (int)to, (int)from);

    public void SignExtend32(Register to, Register from) => Registers(0, 0x63, Width.W64, (int)to, (int)from);

    public void Lea(Width width, Register to, in Address at) => Memory(0, 0x8d, width, (int)to, in at);

    public void Test(Width width, Register left, Register right) => Registers(0, 0x85, width, (int)right, (int)left);

    public void Multiply(Width width, Register to, Register from) => Registers(0, 0x0faf, width, (int)to, (int)from);

    public void Multiply(Width width, Register to, in Address from) => Memory(0, 0x0faf, width, (int)to, in from);

    public void Multiply(Width width, Register to, Register from, int value)
    {
        bool small = value == (sbyte)value;
        Registers(0, small ? 0x6b : 0x69, width, (int)to, (int)from);
        Immediate(small, value);
    }

    /// <summary>Complements a bit (btc); the carry flag receives its old value.</summary>
    public void ComplementBit(Register register, int bit)
    {
        Registers(0, 0x0fba, Width.W64, 7, (int)register);
        Byte(bit);
    }

    public void Negate(Width width, Register register) => Registers(0, 0xf7, width, 3, (int)register);

    /// <summary>Divides rdx:rax.</summary>
    public void DivideUnsigned(Width width, Register by) => Registers(0, 0xf7, width, 6, (int)by);

    /// <summary>Divides rdx:rax.</summary>
    public void DivideSigned(Width width, Register by) => Registers(0, 0xf7, width, 7, (int)by);

    /// <summary>Sign-extends rax into rdx (cdq, cqo).</summary>
    public void SignIntoRdx(Width width)
    {
        if (width == Width.W64)
        {
            Byte(0x48);
        }

        Byte(0x99);
    }

    public void ShiftBy(Shift shift, Width width, Register to, int count)
    {
        Registers(0, 0xc1, width, (int)shift, (int)to);
        Byte(count);
    }

    /// <summary>Shifts or rotates by cl.</summary>
    public void ShiftByCl(Shift shift, Width width, Register to) => Registers(0, 0xd3, width, (int)shift, (int)to);

    /// <summary>shlx, shrx, sarx: count in any register, flags preserved.</summary>
    public void ShiftX(Shift shift, Width width, Register to, Register from, Register count)
    {
        int pp = shift switch { Shift.Shl => 1, Shift.Shr => 3, _ => 2 };
        Byte(0xc4);
        Byte((((int)to & 8) == 0 ? 0x80 : 0) | 0x40 | (((int)from & 8) == 0 ? 0x20 : 0) | 2);
        Byte(((int)width << 7) | ((~(int)count & 15) << 3) | pp);
        Byte(0xf7);
        Byte(0xc0 | (((int)to & 7) << 3) | ((int)from & 7));
    }

    public void CountLeadingZeros(Width width, Register to, Register from) => Registers(Rep, 0x0fbd, width, (int)to, (int)from);

    public void CountTrailingZeros(Width width, Register to, Register from) => Registers(Rep, 0x0fbc, width, (int)to, (int)from);

    public void CountBits(Width width, Register to, Register from) => Registers(Rep, 0x0fb8, width, (int)to, (int)from);

    public void SetByte(Condition condition, Register to) => Registers(0, 0x0f90 | (int)condition, Width.W32, 0, (int)to, bytes: true);

    public void MoveIf(Condition condition, Width width, Register to, Register from) =>
        Registers(0, 0x0f40 | (int)condition, width, (int)to, (int)from);

    public void MoveIf(Condition condition, Width width, Register to, in Address from) =>
        Memory(0, 0x0f40 | (int)condition, width, (int)to, in from);

    public void Push(Register register)
    {
        if ((int)register >= 8)
        {
            Byte(0x41);
        }

        Byte(0x50 | ((int)register & 7));
    }

    public void Pop(Register register)
    {
        if ((int)register >= 8)
        {
            Byte(0x41);
        }

        Byte(0x58 | ((int)register & 7));
    }

    /// <summary>rep movsb: copies rcx bytes from rsi to rdi.</summary>
    public void RepMoveBytes()
    {
        Byte(Rep);
        Byte(0xa4);
    }

    /// <summary>rep stosb: fills rcx bytes at rdi with al.</summary>
    public void RepStoreBytes()
    {
        Byte(Rep);
        Byte(0xaa);
    }

    private void Immediate(bool small, int value)
    {
        if (small)
        {
            Byte(value);
        }
        else
        {
            Int32(value);
        }
    }
}
