// SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4) of what fits one block.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Ipld.Hamt;

/// <summary>
/// SHA-256 of keys, which are short, for processors without instructions for it. The runtime's goes through a native library, which costs
/// more for each call than hashing one block does; every step down the state tree starts with one.
/// </summary>
internal static class ShortSha256
{
    /// <summary>The longest message that is one block with its padding, in bytes.</summary>
    public const int MaxLength = BlockLength - sizeof(ulong) - 1;

    private const int BlockLength = 64;
    private const int Rounds = 64;

    private static ReadOnlySpan<uint> InitialState =>
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

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
        ReadOnlySpan<uint> initial = InitialState;
        (uint a, uint b, uint c, uint d) = (initial[0], initial[1], initial[2], initial[3]);
        (uint e, uint f, uint g, uint h) = (initial[4], initial[5], initial[6], initial[7]);
        ReadOnlySpan<uint> constants = RoundConstants;
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
