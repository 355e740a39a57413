namespace Fvm.Crypto;

/// <summary>
/// The compression function of SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4) in machine code for x86-64 processors with SHA
/// and AVX: .NET has no intrinsics for the SHA instructions. System V calling convention; the arguments are the state (8 words), 64-byte
/// blocks, their number (at least one), and the constants: the round constants, followed by the byte-order mask. Constants must be 16-byte
/// aligned.
/// </summary>
internal static class Sha256Code
{
    // Vector registers. SHA256RNDS2 takes words and constants implicitly from the first.
    private const int Input = 0;
    private const int Abef = 1;
    private const int Cdgh = 2;
    private const int Words = 3;
    private const int Order = 7;
    private const int OldAbef = 8;
    private const int OldCdgh = 9;
    private const int Other = 10;

    // General-purpose registers of the arguments.
    private const int State = 7;
    private const int Blocks = 6;
    private const int Constants = 1;

    // Opcodes, with their mandatory prefix in the upper byte.
    private const int Load = 0xf3_0f_6f;
    private const int Store = 0xf3_0f_7f;
    private const int Copy = 0x66_0f_6f;
    private const int Add = 0x66_0f_fe;
    private const int ShuffleBytes = 0x66_0f_38_00;
    private const int ShuffleWords = 0x66_0f_70;
    private const int Align = 0x66_0f_3a_0f;
    private const int Blend = 0x66_0f_3a_0e;
    private const int TwoRounds = 0x0f_38_cb;
    private const int Schedule1 = 0x0f_38_cc;
    private const int Schedule2 = 0x0f_38_cd;

    private const int BlockBytes = 64;
    private const int VectorBytes = 16;
    private const int Groups = 16;

    /// <summary>Assembles the function.</summary>
    public static byte[] Write()
    {
        // Legacy-encoded SSE instructions would depend on upper register halves left dirty by earlier AVX code.
        List<byte> code = [0xc5, 0xf8, 0x77]; // vzeroupper
        Memory(code, Load, Order, Constants, Groups * VectorBytes);
        LoadState(code);
        int loop = code.Count;
        Block(code);
        code.AddRange([0x48, 0x83, 0xc6, BlockBytes]); // add rsi, 64
        code.AddRange([0x48, 0xff, 0xca]); // dec rdx
        code.AddRange([0x0f, 0x85, .. BitConverter.GetBytes(loop - (code.Count + 6))]); // jnz loop
        StoreState(code);
        code.Add(0xc3); // ret
        return [.. code];
    }

    // The instructions expect the words a, b, e, f in one register and c, d, g, h in the other, most significant first.
    private static void LoadState(List<byte> code)
    {
        Memory(code, Load, Other, State, 0);
        Memory(code, Load, Cdgh, State, VectorBytes);
        Registers(code, ShuffleWords, Other, Other, 0b10_11_00_01);
        Registers(code, ShuffleWords, Cdgh, Cdgh, 0b00_01_10_11);
        Registers(code, Copy, Abef, Other);
        Registers(code, Align, Abef, Cdgh, 8);
        Registers(code, Blend, Cdgh, Other, 0xf0);
    }

    private static void StoreState(List<byte> code)
    {
        Registers(code, ShuffleWords, Other, Abef, 0b00_01_10_11);
        Registers(code, ShuffleWords, Cdgh, Cdgh, 0b10_11_00_01);
        Registers(code, Copy, Abef, Other);
        Registers(code, Blend, Abef, Cdgh, 0xf0);
        Registers(code, Align, Cdgh, Other, 8);
        Memory(code, Store, Abef, State, 0);
        Memory(code, Store, Cdgh, State, VectorBytes);
    }

    // Sixteen groups of four rounds. Four registers hold the last sixteen message words; each group consumes one and completes the next.
    private static void Block(List<byte> code)
    {
        Registers(code, Copy, OldAbef, Abef);
        Registers(code, Copy, OldCdgh, Cdgh);
        for (int group = 0; group < Groups; group++)
        {
            int current = Words + (group % 4);
            int next = Words + ((group + 1) % 4);
            int previous = Words + ((group + 3) % 4);
            if (group < 4)
            {
                Memory(code, Load, current, Blocks, group * VectorBytes);
                Registers(code, ShuffleBytes, current, Order);
            }

            Registers(code, Copy, Input, current);
            Memory(code, Add, Input, Constants, group * VectorBytes);
            Registers(code, TwoRounds, Cdgh, Abef);
            if (group is >= 3 and < Groups - 1)
            {
                Registers(code, Copy, Other, current);
                Registers(code, Align, Other, previous, 4);
                Registers(code, Add, next, Other);
                Registers(code, Schedule2, next, current);
            }

            Registers(code, ShuffleWords, Input, Input, 0b00_00_11_10);
            Registers(code, TwoRounds, Abef, Cdgh);
            if (group is >= 1 and < Groups - 3)
            {
                Registers(code, Schedule1, previous, current);
            }
        }

        Registers(code, Add, Abef, OldAbef);
        Registers(code, Add, Cdgh, OldCdgh);
    }

    private static void Registers(List<byte> code, int opcode, int to, int from, int? immediate = null)
    {
        Begin(code, opcode, to, from);
        code.Add((byte)(0xc0 | ((to & 7) << 3) | (from & 7)));
        if (immediate is int value)
        {
            code.Add((byte)value);
        }
    }

    private static void Memory(List<byte> code, int opcode, int register, int start, int offset)
    {
        Begin(code, opcode, register, start);
        code.Add((byte)(0x80 | ((register & 7) << 3) | start));
        code.AddRange(BitConverter.GetBytes(offset));
    }

    // Prefix, REX for registers from 8 on, opcode.
    private static void Begin(List<byte> code, int opcode, int register, int other)
    {
        byte[] bytes = [(byte)(opcode >> 24), (byte)(opcode >> 16), (byte)(opcode >> 8), (byte)opcode];
        int at = Array.FindIndex(bytes, static value => value != 0);
        if (bytes[at] != 0x0f)
        {
            code.Add(bytes[at++]);
        }

        int rex = ((register & 8) >> 1) | ((other & 8) >> 3);
        if (rex != 0)
        {
            code.Add((byte)(0x40 | rex));
        }

        code.AddRange(bytes.AsSpan(at));
    }
}
