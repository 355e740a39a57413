using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Crypto;

/// <summary>
/// The compression function of SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4, 6.2.2) in portable code, for processors
/// without SHA instructions.
/// </summary>
internal static class Sha256Portable
{
    private const int Rounds = 64;

    /// <summary>Compresses whole blocks into the state.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> words = stackalloc uint[Rounds];
        for (; !blocks.IsEmpty; blocks = blocks[Sha256.BlockBytes..])
        {
            for (int round = 0; round < 16; round++)
            {
                words[round] = BinaryPrimitives.ReadUInt32BigEndian(blocks[(round * sizeof(uint))..]);
            }

            for (int round = 16; round < words.Length; round++)
            {
                uint early = words[round - 15];
                uint late = words[round - 2];
                uint small0 = BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3);
                uint small1 = BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10);
                words[round] = words[round - 16] + small0 + words[round - 7] + small1;
            }

            CompressBlock(state, words);
        }
    }

    private static void CompressBlock(Span<uint> state, ReadOnlySpan<uint> words)
    {
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
        ReadOnlySpan<uint> constants = Sha256Constants.Rounds;
        for (int round = 0; round < Rounds; round += 8)
        {
            // Eight rounds rotate the variables back to their places, so none has to be moved.
            ReadOnlySpan<uint> k = constants.Slice(round, 8);
            ReadOnlySpan<uint> w = words.Slice(round, 8);
            Round(a, b, c, ref d, e, f, g, ref h, k[0] + w[0]);
            Round(h, a, b, ref c, d, e, f, ref g, k[1] + w[1]);
            Round(g, h, a, ref b, c, d, e, ref f, k[2] + w[2]);
            Round(f, g, h, ref a, b, c, d, ref e, k[3] + w[3]);
            Round(e, f, g, ref h, a, b, c, ref d, k[4] + w[4]);
            Round(d, e, f, ref g, h, a, b, ref c, k[5] + w[5]);
            Round(c, d, e, ref f, g, h, a, ref b, k[6] + w[6]);
            Round(b, c, d, ref e, f, g, h, ref a, k[7] + w[7]);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint input)
    {
        uint big1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
        uint big0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
        uint first = h + big1 + (g ^ (e & (f ^ g))) + input;
        d += first;
        h = first + big0 + ((a & b) | (c & (a | b)));
    }
}
