namespace Fvm.MachineCode;

/// <remarks>AVX-512 instructions (EVEX encoding) on vectors of 32 or 64 bytes in registers 0 to 31.</remarks>
internal sealed partial class Assembler
{
    /// <summary>Bytes of an element that a memory operand broadcasts.</summary>
    private const int ElementBytes = 8;

    /// <summary>An instruction with three vector operands, or two for those that ignore <paramref name="with"/>.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="size">Bytes per vector: 32 or 64.</param>
    /// <param name="to">The result, and for multiply-add the addend or a factor.</param>
    /// <param name="with">The first operand; 0 if there is none.</param>
    /// <param name="from">The last operand.</param>
    /// <param name="mask">The elements of the result; all by default.</param>
    public void Vector(VectorOperation operation, int size, int to, int with, int from, Mask mask = default)
    {
        Evex(operation, size, to, with, from >> 4, from, broadcast: false, mask);
        _code.Add((byte)Registers(to, from));
    }

    /// <summary>The same with a whole vector, or what the instruction takes of it, in memory.</summary>
    public void Vector(VectorOperation operation, int size, int to, int with, Place from, Mask mask = default)
    {
        Evex(operation, size, to, with, 0, (int)from.Base, broadcast: false, mask);
        Memory(to, from, Scale(operation, size));
    }

    /// <summary>The same with one element in memory as every element of the last operand.</summary>
    public void VectorBroadcast(VectorOperation operation, int size, int to, int with, Place from, Mask mask = default)
    {
        Evex(operation, size, to, with, 0, (int)from.Base, broadcast: true, mask);
        Memory(to, from, ElementBytes);
    }

    /// <summary>An instruction with an 8-bit constant: a shift count or a selection.</summary>
    public void Vector(VectorOperation operation, int size, int to, int with, int from, byte constant)
    {
        Vector(operation, size, to, with, from);
        _code.Add(constant);
    }

    public void Vector(VectorOperation operation, int size, int to, int with, Place from, byte constant)
    {
        Vector(operation, size, to, with, from);
        _code.Add(constant);
    }

    /// <summary>A shift of each element by a constant; the instruction's extension takes the place of the result in the encoding.</summary>
    public void VectorShift(VectorOperation operation, int size, int to, int from, byte count) =>
        Vector(operation, size, ((int)operation >> 24) & 7, to, from, count);

    public void StoreVector(int size, Place to, int from, Mask mask = default) => Vector(VectorOperation.Store, size, from, 0, to, mask);

    /// <summary>KMOVW: loads a mask of 16 bits.</summary>
    public void LoadMask(Mask to, Place from)
    {
        _code.Add(0xc4);
        Bytes((Inverted(to.Register, 3) << 7) | (1 << 6) | (Inverted((int)from.Base, 3) << 5) | 1, 0x78);
        _code.Add(0x90);
        Memory(to.Register, from);
    }

    /// <summary>VZEROUPPER.</summary>
    public void ClearUpperVectors() => _code.AddRange([0xc5, 0xf8, 0x77]);

    /// <summary>LEA: the address of a byte at an offset from the start of this code; data that precedes the code has negative offsets.</summary>
    public void LoadAddress(GeneralRegister to, int offset)
    {
        _code.Add((byte)(0x48 | (((int)to & 8) >> 1)));
        Bytes(0x8d, (((int)to & 7) << 3) | 5);
        _code.AddRange(BitConverter.GetBytes(offset - (Position + sizeof(int))));
    }

    private static int Scale(VectorOperation operation, int size) => operation switch
    {
        VectorOperation.Broadcast => ElementBytes,
        VectorOperation.InsertHalf or VectorOperation.ExtractHalf => 32,
        _ => size,
    };

    // Prefix and opcode. The fields of an operation, from the lowest byte up: opcode, opcode map, mandatory prefix, extension.
    private void Evex(VectorOperation operation, int size, int to, int with, int highIndex, int rm, bool broadcast, Mask mask)
    {
        int map = ((int)operation >> 8) & 7;
        int prefix = PrefixCode(((int)operation >> 16) & 0xff);
        _code.Add(0x62);
        Bytes(
            (Inverted(to, 3) << 7) | (Inverted(highIndex, 0) << 6) | (Inverted(rm, 3) << 5) | (Inverted(to, 4) << 4) | map,
            0x84 | ((~with & 15) << 3) | prefix);
        int masking = (mask.Clears ? 0x80 : 0) | mask.Register;
        Bytes(((size / 32) << 5) | (broadcast ? 0x10 : 0) | (Inverted(with, 4) << 3) | masking, (int)operation & 0xff);
    }
}
