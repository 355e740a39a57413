namespace Fvm.Wasm;

internal sealed partial class Emitter
{
    private const int FirstOfEvex = 16;

    /// <summary>Unaligned vector load.</summary>
    /// <param name="size">Bytes: 16; 32 needs AVX; 64, and any size in registers from xmm16 on, needs AVX-512 (F and VL).</param>
    /// <param name="to">The register.</param>
    /// <param name="from">The address. With AVX-512, its displacement must be a multiple of the size.</param>
    public void MoveVector(int size, Xmm to, in Address from) => MoveVector(0x10, size, to, in from);

    /// <summary>Unaligned vector store; see <see cref="MoveVector(int, Xmm, in Address)"/>.</summary>
    public void MoveVector(int size, in Address to, Xmm from) => MoveVector(0x11, size, from, in to);

    /// <summary>Broadcasts the lower 16 bytes to all 32. Needs AVX and one of the first 8 registers.</summary>
    public void Repeat16(Xmm register)
    {
        int number = (int)register;
        Byte(0xc4);
        Byte(0xe3);
        Byte(((~number & 15) << 3) | 5);
        Byte(0x18);
        Byte(0xc0 | (number << 3) | number);
        Byte(1);
    }

    /// <summary>Broadcasts a general-purpose register to a 64-byte vector. Needs AVX-512 and a register from xmm16 on.</summary>
    public void Repeat8(Xmm to, Register from)
    {
        Evex(0xf38, (int)to, 0, (int)from, 64, Width.W64, prefix: 1);
        Byte(0x7c);
        Byte(0xc0 | (((int)to & 7) << 3) | ((int)from & 7));
    }

    /// <summary>Clears all of xmm0, without marking its upper half as in use. Needs AVX.</summary>
    public void ClearFirst()
    {
        Byte(0xc5);
        Byte(0xf8);
        Byte(0x57);
        Byte(0xc0);
    }

    /// <summary>vzeroupper: clears all but the lower 16 bytes of the first 16 registers. Needs AVX.</summary>
    public void ClearUpper()
    {
        Byte(0xc5);
        Byte(0xf8);
        Byte(0x77);
    }

    /// <summary>
    /// Truncates a float to an unsigned integer; the greatest one if out of range or NaN. Needs AVX-512, and one of the first 16 registers.
    /// </summary>
    public void TruncateUnsigned(Width floatWidth, Width width, Register to, Xmm from)
    {
        Evex(0xf, (int)to, 0, (int)from, 16, width, prefix: floatWidth == Width.W64 ? 3 : 2);
        Byte(0x78);
        Byte(0xc0 | (((int)to & 7) << 3) | ((int)from & 7));
    }

    private void MoveVector(int opcode, int size, Xmm register, in Address at)
    {
        int reg = (int)register;
        int index = at.Index == Register.None ? 0 : (int)at.Index;
        if (reg >= FirstOfEvex)
        {
            // EVEX scales 8-bit displacements by the vector size.
            int displacement = at.Displacement / size;
            if (displacement * size != at.Displacement || displacement != (sbyte)displacement)
            {
                throw new ArgumentOutOfRangeException(nameof(at));
            }

            Evex(0xf, reg, index, (int)at.Base, size, Width.W32, prefix: 0);
            Byte(opcode);
            ModRm(reg, new Address(at.Base, at.Index, at.Scale, displacement));
        }
        else if (size == 32)
        {
            Byte(0xc4);
            Byte(Inverted(reg, 3, 7) | Inverted(index, 3, 6) | Inverted((int)at.Base, 3, 5) | 1);
            Byte(0x7c);
            Byte(opcode);
            ModRm(reg, in at);
        }
        else
        {
            Memory(0, 0x0f00 | opcode, Width.W32, reg, in at);
        }
    }

    /// <summary>The 4-byte EVEX prefix of an instruction with two operands.</summary>
    /// <param name="escape">The opcode's escape bytes: 0f or 0f38.</param>
    /// <param name="reg">The vector, or a general-purpose register.</param>
    /// <param name="index">Index register of a memory operand, or 0.</param>
    /// <param name="rm">The other register operand, or the base of a memory operand.</param>
    /// <param name="size">Vector size in bytes.</param>
    /// <param name="width">Element width.</param>
    /// <param name="prefix">The mandatory prefix: 0 for none, 1 for 66, 2 for f3, 3 for f2.</param>
    private void Evex(int escape, int reg, int index, int rm, int size, Width width, int prefix)
    {
        Byte(0x62);
        Byte(Inverted(reg, 3, 7) | Inverted(index, 3, 6) | Inverted(rm, 3, 5) | Inverted(reg, 4, 4) | (escape == 0xf ? 1 : 2));
        Byte(((int)width << 7) | 0x7c | prefix);
        Byte(((size / 32) << 5) | 8);
    }

    /// <summary>One bit of a register number, inverted, shifted to its position in a prefix.</summary>
    private static int Inverted(int register, int bit, int place) => ((~register >> bit) & 1) << place;
}
