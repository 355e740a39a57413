namespace Fvm.MachineCode;

/// <summary>
/// Assembles straight-line kernels for x86-64: 64-bit integer instructions (here) and vector instructions (the other file). Encodings are those
/// of the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2. Memory operands are a base register and an offset; the
/// registers of the caller's frame are the callee's to save.
/// </summary>
internal sealed partial class Assembler
{
    private readonly List<byte> _code = [];

    /// <summary>Bytes written: the offset of the next instruction.</summary>
    public int Position => _code.Count;

    /// <summary>A copy of the code.</summary>
    public byte[] ToArray() => [.. _code];

    public void Move(GeneralRegister to, GeneralRegister from) => Plain(0x8b, (int)to, from);

    public void Move(GeneralRegister to, Place from) => Plain(0x8b, (int)to, from);

    public void Move(Place to, GeneralRegister from) => Plain(0x89, (int)from, to);

    /// <summary>Sets a register to a 64-bit constant.</summary>
    public void Move(GeneralRegister to, ulong value)
    {
        Bytes(0x48 | ((int)to >> 3), 0xb8 | ((int)to & 7));
        _code.AddRange(BitConverter.GetBytes(value));
    }

    public void Compute(Arithmetic operation, GeneralRegister to, GeneralRegister from) => Plain(((int)operation << 3) | 3, (int)to, from);

    public void Compute(Arithmetic operation, GeneralRegister to, Place from) => Plain(((int)operation << 3) | 3, (int)to, from);

    /// <summary>The operation with a sign-extended 8-bit constant.</summary>
    public void ComputeConstant(Arithmetic operation, GeneralRegister to, sbyte value)
    {
        Plain(0x83, (int)operation, to);
        _code.Add((byte)value);
    }

    /// <summary>The operation with a sign-extended 32-bit constant.</summary>
    public void ComputeWideConstant(Arithmetic operation, GeneralRegister to, int value)
    {
        Plain(0x81, (int)operation, to);
        _code.AddRange(BitConverter.GetBytes(value));
    }

    /// <summary>MULX: the 128-bit product with RDX; leaves the flags. The upper half wins where both halves have one register.</summary>
    public void MultiplyWide(GeneralRegister high, GeneralRegister low, GeneralRegister from)
    {
        Vex((int)high, (int)low, (int)from);
        Bytes(0xf6, Registers((int)high, (int)from));
    }

    /// <summary>MULX with a memory operand.</summary>
    public void MultiplyWide(GeneralRegister high, GeneralRegister low, Place from)
    {
        Vex((int)high, (int)low, (int)from.Base);
        _code.Add(0xf6);
        Memory((int)high, from);
    }

    /// <summary>IMUL: the lower 64 bits of the product.</summary>
    public void Multiply(GeneralRegister to, GeneralRegister from) => Plain(0x0faf, (int)to, from);

    /// <summary>ADCX: adds with carry, in the carry flag only.</summary>
    public void AddWithCarry(GeneralRegister to, GeneralRegister from) => Prefixed(0x66, 0x0f38f6, (int)to, from);

    /// <summary>ADOX: adds with carry, in the overflow flag only.</summary>
    public void AddWithOverflow(GeneralRegister to, GeneralRegister from) => Prefixed(0xf3, 0x0f38f6, (int)to, from);

    public void Negate(GeneralRegister register) => Plain(0xf7, 3, register);

    public void ShiftRight(GeneralRegister register, byte count)
    {
        Plain(0xc1, 5, register);
        _code.Add(count);
    }

    /// <summary>SHRD: shifts right, with the lower bits of another register moving in at the top.</summary>
    public void ShiftRight(GeneralRegister to, GeneralRegister upper, byte count)
    {
        Plain(0x0fac, (int)upper, to);
        _code.Add(count);
    }

    public void Push(GeneralRegister register)
    {
        Rex(0, register);
        _code.Add((byte)(0x50 | ((int)register & 7)));
    }

    public void Pop(GeneralRegister register)
    {
        Rex(0, register);
        _code.Add((byte)(0x58 | ((int)register & 7)));
    }

    public void Return() => _code.Add(0xc3);

    /// <summary>Jumps to a position already written, if the last result was not zero.</summary>
    public void JumpBackIfNotZero(int target) => Jump(0x85, target);

    /// <summary>Jumps to a position that <see cref="Land"/> names later; returns what it needs.</summary>
    public int JumpAhead(Flag flag)
    {
        Jump(0x80 | (int)flag, 0);
        return Position;
    }

    /// <summary>Makes the next instruction the target of a jump.</summary>
    public void Land(int jump)
    {
        byte[] distance = BitConverter.GetBytes(Position - jump);
        for (int i = 0; i < distance.Length; i++)
        {
            _code[jump - distance.Length + i] = distance[i];
        }
    }

    private static int Registers(int reg, int rm) => 0xc0 | ((reg & 7) << 3) | (rm & 7);

    private void Jump(int opcode, int target)
    {
        Bytes(0x0f, opcode);
        _code.AddRange(BitConverter.GetBytes(target - (Position + sizeof(int))));
    }

    private void Bytes(int first, int second)
    {
        _code.Add((byte)first);
        _code.Add((byte)second);
    }

    // REX prefix for registers from 8 on, without 64-bit operands.
    private void Rex(int reg, GeneralRegister rm)
    {
        int rex = ((reg & 8) >> 1) | ((int)rm >> 3);
        if (rex != 0)
        {
            _code.Add((byte)(0x40 | rex));
        }
    }

    private void Plain(int opcode, int reg, GeneralRegister rm)
    {
        _code.Add((byte)(0x48 | ((reg & 8) >> 1) | ((int)rm >> 3)));
        Opcode(opcode);
        _code.Add((byte)Registers(reg, (int)rm));
    }

    private void Plain(int opcode, int reg, Place rm)
    {
        _code.Add((byte)(0x48 | ((reg & 8) >> 1) | ((int)rm.Base >> 3)));
        Opcode(opcode);
        Memory(reg, rm);
    }

    private void Prefixed(int prefix, int opcode, int reg, GeneralRegister rm)
    {
        _code.Add((byte)prefix);
        Plain(opcode, reg, rm);
    }

    private void Opcode(int opcode)
    {
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            if (opcode >> shift != 0)
            {
                _code.Add((byte)(opcode >> shift));
            }
        }
    }

    // The ModR/M byte, SIB byte and offset of a memory operand. EVEX scales 8-bit offsets by the size of the operand.
    private void Memory(int reg, Place rm, int scale = 1)
    {
        int scaled = rm.Offset / scale;
        bool isShort = scaled * scale == rm.Offset && scaled == (sbyte)scaled;
        int low = (int)rm.Base & 7;
        _code.Add((byte)((isShort ? 0x40 : 0x80) | ((reg & 7) << 3) | low));
        if (low == (int)GeneralRegister.Rsp)
        {
            _code.Add(0x24);
        }

        if (isShort)
        {
            _code.Add((byte)scaled);
        }
        else
        {
            _code.AddRange(BitConverter.GetBytes(rm.Offset));
        }
    }

    // The three-byte VEX prefix of a 64-bit instruction with three operands, in opcode map 2 (0f38) with the mandatory prefix f2.
    private void Vex(int reg, int middle, int rm)
    {
        _code.Add(0xc4);
        _code.Add((byte)((Inverted(reg, 3) << 7) | (1 << 6) | (Inverted(rm, 3) << 5) | 2));
        _code.Add((byte)(0x80 | ((~middle & 15) << 3) | PrefixCode(0xf2)));
    }

    private static int Inverted(int register, int bit) => (~register >> bit) & 1;

    private static int PrefixCode(int prefix) => prefix switch { 0x66 => 1, 0xf3 => 2, 0xf2 => 3, _ => 0 };
}
