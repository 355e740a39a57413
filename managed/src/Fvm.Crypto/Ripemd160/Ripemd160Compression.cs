using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fvm.Crypto;

/// <summary>
/// The compression function of RIPEMD-160 (https://homes.esat.kuleuven.be/~bosselae/ripemd160.html): two independent lines of 80 steps.
/// Unrolled: word indices, rotations and functions are compile-time constants, no variables are rotated, and both lines run in parallel in
/// the processor.
/// </summary>
internal static class Ripemd160Compression
{
    /// <summary>Bytes in a block.</summary>
    public const int BlockBytes = 64;

    /// <summary>Compresses one block of 64 bytes into the state of 5 words.</summary>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[16];
        for (int index = 0; index < words.Length; index++)
        {
            words[index] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * index)..]);
        }

        // Sound: all indices passed to Word with this reference are constants below 16, the number of words.
        ref uint m = ref MemoryMarshal.GetReference(words);
        (uint a, uint b, uint c, uint d, uint e) = (state[0], state[1], state[2], state[3], state[4]);
        (uint f, uint g, uint h, uint i, uint j) = (a, b, c, d, e);

        // Round 1.
        Left1(ref a, b, ref c, d, e, Word(ref m, 0), 11);
        Right1(ref f, g, ref h, i, j, Word(ref m, 5), 8);
        Left1(ref e, a, ref b, c, d, Word(ref m, 1), 14);
        Right1(ref j, f, ref g, h, i, Word(ref m, 14), 9);
        Left1(ref d, e, ref a, b, c, Word(ref m, 2), 15);
        Right1(ref i, j, ref f, g, h, Word(ref m, 7), 9);
        Left1(ref c, d, ref e, a, b, Word(ref m, 3), 12);
        Right1(ref h, i, ref j, f, g, Word(ref m, 0), 11);
        Left1(ref b, c, ref d, e, a, Word(ref m, 4), 5);
        Right1(ref g, h, ref i, j, f, Word(ref m, 9), 13);
        Left1(ref a, b, ref c, d, e, Word(ref m, 5), 8);
        Right1(ref f, g, ref h, i, j, Word(ref m, 2), 15);
        Left1(ref e, a, ref b, c, d, Word(ref m, 6), 7);
        Right1(ref j, f, ref g, h, i, Word(ref m, 11), 15);
        Left1(ref d, e, ref a, b, c, Word(ref m, 7), 9);
        Right1(ref i, j, ref f, g, h, Word(ref m, 4), 5);
        Left1(ref c, d, ref e, a, b, Word(ref m, 8), 11);
        Right1(ref h, i, ref j, f, g, Word(ref m, 13), 7);
        Left1(ref b, c, ref d, e, a, Word(ref m, 9), 13);
        Right1(ref g, h, ref i, j, f, Word(ref m, 6), 7);
        Left1(ref a, b, ref c, d, e, Word(ref m, 10), 14);
        Right1(ref f, g, ref h, i, j, Word(ref m, 15), 8);
        Left1(ref e, a, ref b, c, d, Word(ref m, 11), 15);
        Right1(ref j, f, ref g, h, i, Word(ref m, 8), 11);
        Left1(ref d, e, ref a, b, c, Word(ref m, 12), 6);
        Right1(ref i, j, ref f, g, h, Word(ref m, 1), 14);
        Left1(ref c, d, ref e, a, b, Word(ref m, 13), 7);
        Right1(ref h, i, ref j, f, g, Word(ref m, 10), 14);
        Left1(ref b, c, ref d, e, a, Word(ref m, 14), 9);
        Right1(ref g, h, ref i, j, f, Word(ref m, 3), 12);
        Left1(ref a, b, ref c, d, e, Word(ref m, 15), 8);
        Right1(ref f, g, ref h, i, j, Word(ref m, 12), 6);
        // Round 2.
        Left2(ref e, a, ref b, c, d, Word(ref m, 7), 7);
        Right2(ref j, f, ref g, h, i, Word(ref m, 6), 9);
        Left2(ref d, e, ref a, b, c, Word(ref m, 4), 6);
        Right2(ref i, j, ref f, g, h, Word(ref m, 11), 13);
        Left2(ref c, d, ref e, a, b, Word(ref m, 13), 8);
        Right2(ref h, i, ref j, f, g, Word(ref m, 3), 15);
        Left2(ref b, c, ref d, e, a, Word(ref m, 1), 13);
        Right2(ref g, h, ref i, j, f, Word(ref m, 7), 7);
        Left2(ref a, b, ref c, d, e, Word(ref m, 10), 11);
        Right2(ref f, g, ref h, i, j, Word(ref m, 0), 12);
        Left2(ref e, a, ref b, c, d, Word(ref m, 6), 9);
        Right2(ref j, f, ref g, h, i, Word(ref m, 13), 8);
        Left2(ref d, e, ref a, b, c, Word(ref m, 15), 7);
        Right2(ref i, j, ref f, g, h, Word(ref m, 5), 9);
        Left2(ref c, d, ref e, a, b, Word(ref m, 3), 15);
        Right2(ref h, i, ref j, f, g, Word(ref m, 10), 11);
        Left2(ref b, c, ref d, e, a, Word(ref m, 12), 7);
        Right2(ref g, h, ref i, j, f, Word(ref m, 14), 7);
        Left2(ref a, b, ref c, d, e, Word(ref m, 0), 12);
        Right2(ref f, g, ref h, i, j, Word(ref m, 15), 7);
        Left2(ref e, a, ref b, c, d, Word(ref m, 9), 15);
        Right2(ref j, f, ref g, h, i, Word(ref m, 8), 12);
        Left2(ref d, e, ref a, b, c, Word(ref m, 5), 9);
        Right2(ref i, j, ref f, g, h, Word(ref m, 12), 7);
        Left2(ref c, d, ref e, a, b, Word(ref m, 2), 11);
        Right2(ref h, i, ref j, f, g, Word(ref m, 4), 6);
        Left2(ref b, c, ref d, e, a, Word(ref m, 14), 7);
        Right2(ref g, h, ref i, j, f, Word(ref m, 9), 15);
        Left2(ref a, b, ref c, d, e, Word(ref m, 11), 13);
        Right2(ref f, g, ref h, i, j, Word(ref m, 1), 13);
        Left2(ref e, a, ref b, c, d, Word(ref m, 8), 12);
        Right2(ref j, f, ref g, h, i, Word(ref m, 2), 11);
        // Round 3.
        Left3(ref d, e, ref a, b, c, Word(ref m, 3), 11);
        Right3(ref i, j, ref f, g, h, Word(ref m, 15), 9);
        Left3(ref c, d, ref e, a, b, Word(ref m, 10), 13);
        Right3(ref h, i, ref j, f, g, Word(ref m, 5), 7);
        Left3(ref b, c, ref d, e, a, Word(ref m, 14), 6);
        Right3(ref g, h, ref i, j, f, Word(ref m, 1), 15);
        Left3(ref a, b, ref c, d, e, Word(ref m, 4), 7);
        Right3(ref f, g, ref h, i, j, Word(ref m, 3), 11);
        Left3(ref e, a, ref b, c, d, Word(ref m, 9), 14);
        Right3(ref j, f, ref g, h, i, Word(ref m, 7), 8);
        Left3(ref d, e, ref a, b, c, Word(ref m, 15), 9);
        Right3(ref i, j, ref f, g, h, Word(ref m, 14), 6);
        Left3(ref c, d, ref e, a, b, Word(ref m, 8), 13);
        Right3(ref h, i, ref j, f, g, Word(ref m, 6), 6);
        Left3(ref b, c, ref d, e, a, Word(ref m, 1), 15);
        Right3(ref g, h, ref i, j, f, Word(ref m, 9), 14);
        Left3(ref a, b, ref c, d, e, Word(ref m, 2), 14);
        Right3(ref f, g, ref h, i, j, Word(ref m, 11), 12);
        Left3(ref e, a, ref b, c, d, Word(ref m, 7), 8);
        Right3(ref j, f, ref g, h, i, Word(ref m, 8), 13);
        Left3(ref d, e, ref a, b, c, Word(ref m, 0), 13);
        Right3(ref i, j, ref f, g, h, Word(ref m, 12), 5);
        Left3(ref c, d, ref e, a, b, Word(ref m, 6), 6);
        Right3(ref h, i, ref j, f, g, Word(ref m, 2), 14);
        Left3(ref b, c, ref d, e, a, Word(ref m, 13), 5);
        Right3(ref g, h, ref i, j, f, Word(ref m, 10), 13);
        Left3(ref a, b, ref c, d, e, Word(ref m, 11), 12);
        Right3(ref f, g, ref h, i, j, Word(ref m, 0), 13);
        Left3(ref e, a, ref b, c, d, Word(ref m, 5), 7);
        Right3(ref j, f, ref g, h, i, Word(ref m, 4), 7);
        Left3(ref d, e, ref a, b, c, Word(ref m, 12), 5);
        Right3(ref i, j, ref f, g, h, Word(ref m, 13), 5);
        // Round 4.
        Left4(ref c, d, ref e, a, b, Word(ref m, 1), 11);
        Right4(ref h, i, ref j, f, g, Word(ref m, 8), 15);
        Left4(ref b, c, ref d, e, a, Word(ref m, 9), 12);
        Right4(ref g, h, ref i, j, f, Word(ref m, 6), 5);
        Left4(ref a, b, ref c, d, e, Word(ref m, 11), 14);
        Right4(ref f, g, ref h, i, j, Word(ref m, 4), 8);
        Left4(ref e, a, ref b, c, d, Word(ref m, 10), 15);
        Right4(ref j, f, ref g, h, i, Word(ref m, 1), 11);
        Left4(ref d, e, ref a, b, c, Word(ref m, 0), 14);
        Right4(ref i, j, ref f, g, h, Word(ref m, 3), 14);
        Left4(ref c, d, ref e, a, b, Word(ref m, 8), 15);
        Right4(ref h, i, ref j, f, g, Word(ref m, 11), 14);
        Left4(ref b, c, ref d, e, a, Word(ref m, 12), 9);
        Right4(ref g, h, ref i, j, f, Word(ref m, 15), 6);
        Left4(ref a, b, ref c, d, e, Word(ref m, 4), 8);
        Right4(ref f, g, ref h, i, j, Word(ref m, 0), 14);
        Left4(ref e, a, ref b, c, d, Word(ref m, 13), 9);
        Right4(ref j, f, ref g, h, i, Word(ref m, 5), 6);
        Left4(ref d, e, ref a, b, c, Word(ref m, 3), 14);
        Right4(ref i, j, ref f, g, h, Word(ref m, 12), 9);
        Left4(ref c, d, ref e, a, b, Word(ref m, 7), 5);
        Right4(ref h, i, ref j, f, g, Word(ref m, 2), 12);
        Left4(ref b, c, ref d, e, a, Word(ref m, 15), 6);
        Right4(ref g, h, ref i, j, f, Word(ref m, 13), 9);
        Left4(ref a, b, ref c, d, e, Word(ref m, 14), 8);
        Right4(ref f, g, ref h, i, j, Word(ref m, 9), 12);
        Left4(ref e, a, ref b, c, d, Word(ref m, 5), 6);
        Right4(ref j, f, ref g, h, i, Word(ref m, 7), 5);
        Left4(ref d, e, ref a, b, c, Word(ref m, 6), 5);
        Right4(ref i, j, ref f, g, h, Word(ref m, 10), 15);
        Left4(ref c, d, ref e, a, b, Word(ref m, 2), 12);
        Right4(ref h, i, ref j, f, g, Word(ref m, 14), 8);
        // Round 5.
        Left5(ref b, c, ref d, e, a, Word(ref m, 4), 9);
        Right5(ref g, h, ref i, j, f, Word(ref m, 12), 8);
        Left5(ref a, b, ref c, d, e, Word(ref m, 0), 15);
        Right5(ref f, g, ref h, i, j, Word(ref m, 15), 5);
        Left5(ref e, a, ref b, c, d, Word(ref m, 5), 5);
        Right5(ref j, f, ref g, h, i, Word(ref m, 10), 12);
        Left5(ref d, e, ref a, b, c, Word(ref m, 9), 11);
        Right5(ref i, j, ref f, g, h, Word(ref m, 4), 9);
        Left5(ref c, d, ref e, a, b, Word(ref m, 7), 6);
        Right5(ref h, i, ref j, f, g, Word(ref m, 1), 12);
        Left5(ref b, c, ref d, e, a, Word(ref m, 12), 8);
        Right5(ref g, h, ref i, j, f, Word(ref m, 5), 5);
        Left5(ref a, b, ref c, d, e, Word(ref m, 2), 13);
        Right5(ref f, g, ref h, i, j, Word(ref m, 8), 14);
        Left5(ref e, a, ref b, c, d, Word(ref m, 10), 12);
        Right5(ref j, f, ref g, h, i, Word(ref m, 7), 6);
        Left5(ref d, e, ref a, b, c, Word(ref m, 14), 5);
        Right5(ref i, j, ref f, g, h, Word(ref m, 6), 8);
        Left5(ref c, d, ref e, a, b, Word(ref m, 1), 12);
        Right5(ref h, i, ref j, f, g, Word(ref m, 2), 13);
        Left5(ref b, c, ref d, e, a, Word(ref m, 3), 13);
        Right5(ref g, h, ref i, j, f, Word(ref m, 13), 6);
        Left5(ref a, b, ref c, d, e, Word(ref m, 8), 14);
        Right5(ref f, g, ref h, i, j, Word(ref m, 14), 5);
        Left5(ref e, a, ref b, c, d, Word(ref m, 11), 11);
        Right5(ref j, f, ref g, h, i, Word(ref m, 0), 15);
        Left5(ref d, e, ref a, b, c, Word(ref m, 6), 8);
        Right5(ref i, j, ref f, g, h, Word(ref m, 3), 13);
        Left5(ref c, d, ref e, a, b, Word(ref m, 15), 5);
        Right5(ref h, i, ref j, f, g, Word(ref m, 9), 11);
        Left5(ref b, c, ref d, e, a, Word(ref m, 13), 6);
        Right5(ref g, h, ref i, j, f, Word(ref m, 11), 11);

        uint first = state[1] + c + i;
        state[1] = state[2] + d + j;
        state[2] = state[3] + e + f;
        state[3] = state[4] + a + g;
        state[4] = state[0] + b + h;
        state[0] = first;
    }

    // Sound: the indices of the message words above are constants below 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref uint words, int index) => Unsafe.Add(ref words, index);

    // The rounds of both lines; the right line uses the functions in reverse order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Left1(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (b ^ c ^ d) + word, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Left2(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (d ^ (b & (c ^ d))) + word + 0x5a827999, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Left3(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, ((b | ~c) ^ d) + word + 0x6ed9eba1, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Left4(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (c ^ (d & (b ^ c))) + word + 0x8f1bbcdc, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Left5(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (b ^ (c | ~d)) + word + 0xa953fd4e, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Right1(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (b ^ (c | ~d)) + word + 0x50a28be6, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Right2(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (c ^ (d & (b ^ c))) + word + 0x5c4dd124, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Right3(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, ((b | ~c) ^ d) + word + 0x6d703ef3, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Right4(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (d ^ (b & (c ^ d))) + word + 0x7a6d76e9, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Right5(ref uint a, uint b, ref uint c, uint d, uint e, uint word, int shift) =>
        Step(ref a, ref c, e, (b ^ c ^ d) + word, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref uint a, ref uint c, uint e, uint mixed, int shift)
    {
        a = BitOperations.RotateLeft(a + mixed, shift) + e;
        c = BitOperations.RotateLeft(c, 10);
    }
}
