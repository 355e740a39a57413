using System.Buffers.Binary;
using System.Numerics;

namespace Fvm.Crypto;

/// <summary>
/// One-shot SHA-512 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4, 4.2.3, 5.3.5 and 6.4) in portable code: it occurs only in CIDs of
/// blocks of other networks.
/// </summary>
public static class Sha512
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 64;

    private const int BlockBytes = 128;

    private static ReadOnlySpan<ulong> InitialState =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    private static ReadOnlySpan<ulong> Constants =>
    [
        0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
        0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
        0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
        0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
        0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
        0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
        0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
        0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
        0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
        0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
        0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
        0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
        0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
        0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
        0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
        0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
        0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
        0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
        0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
        0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
    ];

    /// <summary>Writes the digest of <paramref name="data"/> to the first 64 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 64 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        if (digest.Length < Size)
        {
            throw new ArgumentException($"The digest needs {Size} bytes.", nameof(digest));
        }

        Span<ulong> state = stackalloc ulong[8];
        InitialState.CopyTo(state);
        int whole = data.Length & -BlockBytes;
        Compress(state, data[..whole]);

        // A one bit, zeros, and the length in bits in the last sixteen bytes of a block.
        ReadOnlySpan<byte> rest = data[whole..];
        Span<byte> last = stackalloc byte[2 * BlockBytes];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last = last[..(rest.Length < BlockBytes - 16 ? BlockBytes : last.Length)];
        BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], (ulong)data.Length * 8);
        Compress(state, last);
        for (int word = 0; word < state.Length; word++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(digest[(word * sizeof(ulong))..], state[word]);
        }
    }

    private static void Compress(Span<ulong> state, ReadOnlySpan<byte> blocks)
    {
        Span<ulong> words = stackalloc ulong[Constants.Length];
        Span<ulong> work = stackalloc ulong[8];
        for (; !blocks.IsEmpty; blocks = blocks[BlockBytes..])
        {
            for (int round = 0; round < 16; round++)
            {
                words[round] = BinaryPrimitives.ReadUInt64BigEndian(blocks[(round * sizeof(ulong))..]);
            }

            for (int round = 16; round < words.Length; round++)
            {
                ulong early = words[round - 15];
                ulong late = words[round - 2];
                ulong small0 = BitOperations.RotateRight(early, 1) ^ BitOperations.RotateRight(early, 8) ^ (early >> 7);
                ulong small1 = BitOperations.RotateRight(late, 19) ^ BitOperations.RotateRight(late, 61) ^ (late >> 6);
                words[round] = words[round - 16] + small0 + words[round - 7] + small1;
            }

            state.CopyTo(work);
            for (int round = 0; round < words.Length; round++)
            {
                Round(work, words[round] + Constants[round]);
            }

            for (int word = 0; word < state.Length; word++)
            {
                state[word] += work[word];
            }
        }
    }

    private static void Round(Span<ulong> work, ulong input)
    {
        (ulong a, ulong b, ulong c) = (work[0], work[1], work[2]);
        (ulong e, ulong f, ulong g) = (work[4], work[5], work[6]);
        ulong big1 = BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18) ^ BitOperations.RotateRight(e, 41);
        ulong big0 = BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34) ^ BitOperations.RotateRight(a, 39);
        ulong first = work[7] + big1 + (g ^ (e & (f ^ g))) + input;
        ulong second = big0 + ((a & b) | (c & (a | b)));
        work[..7].CopyTo(work[1..]);
        work[4] += first;
        work[0] = first + second;
    }
}
