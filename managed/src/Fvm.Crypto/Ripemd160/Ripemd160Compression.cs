// The compression function of RIPEMD-160 (https://homes.esat.kuleuven.be/~bosselae/ripemd160.html): two lines of 80 steps.
using System.Buffers.Binary;
using System.Numerics;

namespace Fvm.Crypto;

/// <summary>The compression function of RIPEMD-160.</summary>
internal static class Ripemd160Compression
{
    /// <summary>Bytes in a block.</summary>
    public const int BlockBytes = 64;

    // Message words, a row of 16 steps a round.
    private static ReadOnlySpan<byte> LeftWords =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
        3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
        1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
        4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
    ];

    private static ReadOnlySpan<byte> RightWords =>
    [
        5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
        6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
        15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
        8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
        12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
    ];

    // Rotations to the left.
    private static ReadOnlySpan<byte> LeftShifts =>
    [
        11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
        7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
        11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
        11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
        9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
    ];

    private static ReadOnlySpan<byte> RightShifts =>
    [
        8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
        9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
        9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
        15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
        8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
    ];

    private static ReadOnlySpan<uint> LeftConstants => [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e];

    private static ReadOnlySpan<uint> RightConstants => [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0];

    /// <summary>Compresses one block of 64 bytes into the state of 5 words.</summary>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[16];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        }

        Line left = new(state);
        Line right = new(state);
        for (int step = 0; step < 80; step++)
        {
            int round = step / 16;
            left.Step(round, words[LeftWords[step]] + LeftConstants[round], LeftShifts[step]);
            right.Step(4 - round, words[RightWords[step]] + RightConstants[round], RightShifts[step]);
        }

        uint first = state[1] + left.C + right.D;
        state[1] = state[2] + left.D + right.E;
        state[2] = state[3] + left.E + right.A;
        state[3] = state[4] + left.A + right.B;
        state[4] = state[0] + left.B + right.C;
        state[0] = first;
    }

    // One of the two parallel lines; the right one takes the functions in reverse order.
    private struct Line(ReadOnlySpan<uint> state)
    {
        public uint A = state[0];
        public uint B = state[1];
        public uint C = state[2];
        public uint D = state[3];
        public uint E = state[4];

        public void Step(int function, uint word, int shift)
        {
            uint mixed = function switch
            {
                0 => B ^ C ^ D,
                1 => (B & C) | (~B & D),
                2 => (B | ~C) ^ D,
                3 => (B & D) | (C & ~D),
                _ => B ^ (C | ~D),
            };
            uint next = BitOperations.RotateLeft(A + mixed + word, shift) + E;
            A = E;
            E = D;
            D = BitOperations.RotateLeft(C, 10);
            C = B;
            B = next;
        }
    }
}
