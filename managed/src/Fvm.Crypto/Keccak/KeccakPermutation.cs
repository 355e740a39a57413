using System.Buffers.Binary;
using System.Numerics;

namespace Fvm.Crypto;

/// <summary>
/// Keccak-f[1600] (The Keccak reference 3.0, https://keccak.team/files/Keccak-reference-3.0.pdf, section 1.2): the permutation of 25 64-bit
/// lanes under Keccak-256 and Keccak-512.
/// </summary>
internal static class KeccakPermutation
{
    /// <summary>Lanes in a state.</summary>
    public const int Lanes = 25;

    private static readonly KeccakKernel? Kernel = KeccakKernel.Create();

    /// <summary>The constants of the step iota, one per round.</summary>
    public static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>The rotations of the step rho, to the left, per lane.</summary>
    public static ReadOnlySpan<byte> Rotations =>
    [
        0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
    ];

    /// <summary>Adds each block to the state's first lanes, and permutes.</summary>
    /// <param name="state">25 lanes; lane (x, y) is at index x + 5y.</param>
    /// <param name="blocks">Whole blocks.</param>
    /// <param name="rate">Bytes of a block: a multiple of 8, less than 200.</param>
    public static void Absorb(Span<ulong> state, ReadOnlySpan<byte> blocks, int rate) => Absorb(Kernel, state, blocks, rate);

    /// <summary>Permutes the state in place; lane (x, y) is at index x + 5y.</summary>
    public static void Apply(Span<ulong> state) => Apply(Kernel, state);

    /// <summary>The same with a kernel, or portably.</summary>
    internal static void Absorb(KeccakKernel? kernel, Span<ulong> state, ReadOnlySpan<byte> blocks, int rate)
    {
        if (kernel is not null)
        {
            kernel.Absorb(state, blocks, rate);
            return;
        }

        for (; blocks.Length >= rate; blocks = blocks[rate..])
        {
            for (int i = 0; i < rate / sizeof(ulong); i++)
            {
                state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(blocks[(sizeof(ulong) * i)..]);
            }

            ApplyPortably(state);
        }
    }

    /// <inheritdoc cref="Absorb(KeccakKernel, Span{ulong}, ReadOnlySpan{byte}, int)"/>
    internal static void Apply(KeccakKernel? kernel, Span<ulong> state)
    {
        if (kernel is null)
        {
            ApplyPortably(state);
        }
        else
        {
            kernel.Apply(state);
        }
    }

    private static void ApplyPortably(Span<ulong> state)
    {
        // Lane names are row (y) as a letter and column (x) as a digit; locals, so that all 25 can live in registers and stack slots.
        ulong a0 = state[0], a1 = state[1], a2 = state[2], a3 = state[3], a4 = state[4];
        ulong b0 = state[5], b1 = state[6], b2 = state[7], b3 = state[8], b4 = state[9];
        ulong c0 = state[10], c1 = state[11], c2 = state[12], c3 = state[13], c4 = state[14];
        ulong d0 = state[15], d1 = state[16], d2 = state[17], d3 = state[18], d4 = state[19];
        ulong e0 = state[20], e1 = state[21], e2 = state[22], e3 = state[23], e4 = state[24];

        foreach (ulong constant in RoundConstants)
        {
            // Theta: the parities of the columns.
            ulong p0 = a0 ^ b0 ^ c0 ^ d0 ^ e0;
            ulong p1 = a1 ^ b1 ^ c1 ^ d1 ^ e1;
            ulong p2 = a2 ^ b2 ^ c2 ^ d2 ^ e2;
            ulong p3 = a3 ^ b3 ^ c3 ^ d3 ^ e3;
            ulong p4 = a4 ^ b4 ^ c4 ^ d4 ^ e4;
            ulong t0 = p4 ^ BitOperations.RotateLeft(p1, 1);
            ulong t1 = p0 ^ BitOperations.RotateLeft(p2, 1);
            ulong t2 = p1 ^ BitOperations.RotateLeft(p3, 1);
            ulong t3 = p2 ^ BitOperations.RotateLeft(p4, 1);
            ulong t4 = p3 ^ BitOperations.RotateLeft(p0, 1);

            // Rho and pi: lane (x, y) is rotated and moved to (y, 2x + 3y). Five at a time, the lanes of one new row.
            ulong r0 = a0 ^ t0;
            ulong r1 = BitOperations.RotateLeft(b1 ^ t1, 44);
            ulong r2 = BitOperations.RotateLeft(c2 ^ t2, 43);
            ulong r3 = BitOperations.RotateLeft(d3 ^ t3, 21);
            ulong r4 = BitOperations.RotateLeft(e4 ^ t4, 14);

            ulong s0 = BitOperations.RotateLeft(a3 ^ t3, 28);
            ulong s1 = BitOperations.RotateLeft(b4 ^ t4, 20);
            ulong s2 = BitOperations.RotateLeft(c0 ^ t0, 3);
            ulong s3 = BitOperations.RotateLeft(d1 ^ t1, 45);
            ulong s4 = BitOperations.RotateLeft(e2 ^ t2, 61);

            ulong u0 = BitOperations.RotateLeft(a1 ^ t1, 1);
            ulong u1 = BitOperations.RotateLeft(b2 ^ t2, 6);
            ulong u2 = BitOperations.RotateLeft(c3 ^ t3, 25);
            ulong u3 = BitOperations.RotateLeft(d4 ^ t4, 8);
            ulong u4 = BitOperations.RotateLeft(e0 ^ t0, 18);

            ulong v0 = BitOperations.RotateLeft(a4 ^ t4, 27);
            ulong v1 = BitOperations.RotateLeft(b0 ^ t0, 36);
            ulong v2 = BitOperations.RotateLeft(c1 ^ t1, 10);
            ulong v3 = BitOperations.RotateLeft(d2 ^ t2, 15);
            ulong v4 = BitOperations.RotateLeft(e3 ^ t3, 56);

            ulong w0 = BitOperations.RotateLeft(a2 ^ t2, 62);
            ulong w1 = BitOperations.RotateLeft(b3 ^ t3, 55);
            ulong w2 = BitOperations.RotateLeft(c4 ^ t4, 39);
            ulong w3 = BitOperations.RotateLeft(d0 ^ t0, 41);
            ulong w4 = BitOperations.RotateLeft(e1 ^ t1, 2);

            // Chi along each row, and iota on lane (0, 0).
            (a0, a1, a2, a3, a4) = (r0 ^ (~r1 & r2) ^ constant, r1 ^ (~r2 & r3), r2 ^ (~r3 & r4), r3 ^ (~r4 & r0), r4 ^ (~r0 & r1));
            (b0, b1, b2, b3, b4) = (s0 ^ (~s1 & s2), s1 ^ (~s2 & s3), s2 ^ (~s3 & s4), s3 ^ (~s4 & s0), s4 ^ (~s0 & s1));
            (c0, c1, c2, c3, c4) = (u0 ^ (~u1 & u2), u1 ^ (~u2 & u3), u2 ^ (~u3 & u4), u3 ^ (~u4 & u0), u4 ^ (~u0 & u1));
            (d0, d1, d2, d3, d4) = (v0 ^ (~v1 & v2), v1 ^ (~v2 & v3), v2 ^ (~v3 & v4), v3 ^ (~v4 & v0), v4 ^ (~v0 & v1));
            (e0, e1, e2, e3, e4) = (w0 ^ (~w1 & w2), w1 ^ (~w2 & w3), w2 ^ (~w3 & w4), w3 ^ (~w4 & w0), w4 ^ (~w0 & w1));
        }

        (state[0], state[1], state[2], state[3], state[4]) = (a0, a1, a2, a3, a4);
        (state[5], state[6], state[7], state[8], state[9]) = (b0, b1, b2, b3, b4);
        (state[10], state[11], state[12], state[13], state[14]) = (c0, c1, c2, c3, c4);
        (state[15], state[16], state[17], state[18], state[19]) = (d0, d1, d2, d3, d4);
        (state[20], state[21], state[22], state[23], state[24]) = (e0, e1, e2, e3, e4);
    }
}
