namespace Fvm.Wasm;

internal sealed partial class Emitter
{
    private const int FirstOfEvex = 16;

    /// <summary>Loads a vector from anywhere.</summary>
    /// <param name="size">16 bytes; 32 needs AVX; 64, and every size in registers from the 16th on, AVX-512 (F and VL).</param>
    /// <param name="to">The register.</param>
    /// <param name="from">The address. With AVX-512 its displacement is a multiple of the size.</param>
    public void MoveVector(int size, Xmm to, in Address from) => MoveVector(0x10, size, to, in from);

    /// <summary>As <see cref="MoveVector(int, Xmm, in Address)"/>, to anywhere.</summary>
    public void MoveVector(int size, in Address to, Xmm from) => MoveVector(0x11, size, from, in to);

    /// <summary>Repeats the lower 16 bytes in the upper ones of 32. Needs AVX, and one of the first 8 registers.</summary>
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

    /// <summary>Repeats the 8 bytes of a general register in all 64 of a vector. Needs AVX-512, and a register from the 16th on.</summary>
    public void Repeat8(Xmm to, Register from)
    {
        Evex(0xf38, (int)to, 0, (int)from, 64, Width.W64, prefix: 1);
        Byte(0x7c);
        Byte(0xc0 | (((int)to & 7) << 3) | ((int)from & 7));
    }

    /// <summary>Clears the whole of the first register, without marking its upper half as in use. Needs AVX.</summary>
    public void ClearFirst()
    {
        Byte(0xc5);
        Byte(0xf8);
        Byte(0x57);
        Byte(0xc0);
    }

    /// <summary>Clears all but the lower 16 bytes of the first 16 registers. Needs AVX.</summary>
    public void ClearUpper()
    {
        Byte(0xc5);
        Byte(0xf8);
        Byte(0x77);
    }

    private void MoveVector(int opcode, int size, Xmm register, in Address at)
    {
        int reg = (int)register;
        int index = at.Index == Register.None ? 0 : (int)at.Index;
        if (reg >= FirstOfEvex)
        {
            // Displacements of one byte count vectors.
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

    /// <summary>The four bytes before an opcode of AVX-512 with one vector operand.</summary>
    /// <param name="escape">The opcode's escape bytes: 0f or 0f38.</param>
    /// <param name="reg">The vector.</param>
    /// <param name="index">The index of a memory operand, or 0.</param>
    /// <param name="rm">The other operand, or the base of one in memory.</param>
    /// <param name="size">Bytes of the vector.</param>
    /// <param name="width">That of an element.</param>
    /// <param name="prefix">The mandatory prefix: 0 for none, 1 for 66.</param>
    private void Evex(int escape, int reg, int index, int rm, int size, Width width, int prefix)
    {
        Byte(0x62);
        Byte(Inverted(reg, 3, 7) | Inverted(index, 3, 6) | Inverted(rm, 3, 5) | Inverted(reg, 4, 4) | (escape == 0xf ? 1 : 2));
        Byte(((int)width << 7) | 0x7c | prefix);
        Byte(((size / 32) << 5) | 8);
    }

    /// <summary>A bit of a register's number, turned over, at its place in a prefix.</summary>
    private static int Inverted(int register, int bit, int place) => ((~register >> bit) & 1) << place;
}
