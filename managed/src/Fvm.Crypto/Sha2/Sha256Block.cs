// SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4) of what fits one block.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Crypto;

/// <summary>
/// SHA-256 of a message that is one block with its padding, for processors without instructions for it. The runtime's goes through a native
/// library, which costs more for each call than hashing one block does; every step down the state tree starts with one.
/// </summary>
internal static class Sha256Block
{
    /// <summary>The longest message that is one block with its padding, in bytes.</summary>
    public const int MaxLength = BlockLength - sizeof(ulong) - 1;

    private const int BlockLength = 64;
    private const int Rounds = 64;

    /// <summary>Writes the digest of <paramref name="message"/>, at most <see cref="MaxLength"/> bytes, to 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        message.CopyTo(block);
        block[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(block[^2..], (ushort)(message.Length * 8));

        Span<uint> words = stackalloc uint[Rounds];
        for (int round = 0; round < 16; round++)
        {
            words[round] = BinaryPrimitives.ReadUInt32BigEndian(block[(round * 4)..]);
        }

        for (int round = 16; round < words.Length; round++)
        {
            uint early = words[round - 15];
            uint late = words[round - 2];
            uint small0 = BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3);
            uint small1 = BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10);
            words[round] = words[round - 16] + small0 + words[round - 7] + small1;
        }

        Compress(words, digest);
    }

    private static void Compress(ReadOnlySpan<uint> words, Span<byte> digest)
    {
        ReadOnlySpan<uint> initial = Sha256Constants.InitialState;
        (uint a, uint b, uint c, uint d) = (initial[0], initial[1], initial[2], initial[3]);
        (uint e, uint f, uint g, uint h) = (initial[4], initial[5], initial[6], initial[7]);
        ReadOnlySpan<uint> constants = Sha256Constants.Rounds;
        for (int round = 0; round < Rounds; round += 8)
        {
            // Eight rounds bring each variable back to its place, so that none has to be moved.
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

        Span<uint> sums = [a, b, c, d, e, f, g, h];
        for (int index = 0; index < sums.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(index * 4)..], initial[index] + sums[index]);
        }
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
