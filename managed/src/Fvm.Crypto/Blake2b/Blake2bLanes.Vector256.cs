using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <remarks>Four lanes: one word of four messages per 256-bit register.</remarks>
internal static partial class Blake2bLanes
{
    private const int BlockBytes = Blake2bCompression.BlockBytes;

    // As Compress, with four lanes.
    private static void CompressVector256(
        Span<ulong> state, ReadOnlySpan<byte> input, int blocks, Span<ulong> counters, ReadOnlySpan<ulong> finals)
    {
        // Sound: vectors of words have no alignment that loads and stores depend on, and the cast checks the length.
        Span<Vector256<ulong>> h = MemoryMarshal.Cast<ulong, Vector256<ulong>>(state)[..8];
        Vector256<ulong> counter = Vector256.Create<ulong>(counters);
        Vector256<ulong> final = Vector256.Create(finals);
        Span<Vector256<ulong>> words = stackalloc Vector256<ulong>[16];
        ref Vector256<ulong> m = ref MemoryMarshal.GetReference(words);
        Vector256<byte> rotate24 = Blake2bCompression.Rotate24;
        Vector256<byte> rotate16 = Blake2bCompression.Rotate16;
        for (int block = 0; block < blocks; block++)
        {
            LoadWords(input[(block * BlockBytes)..], blocks * BlockBytes, words);
            counter += Vector256.Create((ulong)BlockBytes);
            Vector256<ulong> v0 = h[0], v1 = h[1], v2 = h[2], v3 = h[3], v4 = h[4], v5 = h[5], v6 = h[6], v7 = h[7];
            ReadOnlySpan<ulong> iv = Blake2bCompression.InitialVector;
            Vector256<ulong> v8 = Vector256.Create(iv[0]), v9 = Vector256.Create(iv[1]), v10 = Vector256.Create(iv[2]);
            Vector256<ulong> v11 = Vector256.Create(iv[3]), v12 = Vector256.Create(iv[4]) ^ counter, v13 = Vector256.Create(iv[5]);
            Vector256<ulong> v14 = Vector256.Create(iv[6]) ^ final, v15 = Vector256.Create(iv[7]);

            // Sound: entries of SIGMA are below 16, the number of words; each of the 12 rows has 16 entries.
            ref byte s = ref MemoryMarshal.GetReference(Blake2bCompression.Sigma);
            for (int round = 0; round < Blake2bCompression.Rounds; round++)
            {
                Blake2bCompression.Mix(ref v0, ref v4, ref v8, ref v12, Word(ref m, in s, 0), Word(ref m, in s, 1), rotate24, rotate16);
                Blake2bCompression.Mix(ref v1, ref v5, ref v9, ref v13, Word(ref m, in s, 2), Word(ref m, in s, 3), rotate24, rotate16);
                Blake2bCompression.Mix(ref v2, ref v6, ref v10, ref v14, Word(ref m, in s, 4), Word(ref m, in s, 5), rotate24, rotate16);
                Blake2bCompression.Mix(ref v3, ref v7, ref v11, ref v15, Word(ref m, in s, 6), Word(ref m, in s, 7), rotate24, rotate16);
                Blake2bCompression.Mix(ref v0, ref v5, ref v10, ref v15, Word(ref m, in s, 8), Word(ref m, in s, 9), rotate24, rotate16);
                Blake2bCompression.Mix(ref v1, ref v6, ref v11, ref v12, Word(ref m, in s, 10), Word(ref m, in s, 11), rotate24, rotate16);
                Blake2bCompression.Mix(ref v2, ref v7, ref v8, ref v13, Word(ref m, in s, 12), Word(ref m, in s, 13), rotate24, rotate16);
                Blake2bCompression.Mix(ref v3, ref v4, ref v9, ref v14, Word(ref m, in s, 14), Word(ref m, in s, 15), rotate24, rotate16);
                s = ref Unsafe.Add(ref s, 16);
            }

            h[0] ^= v0 ^ v8;
            h[1] ^= v1 ^ v9;
            h[2] ^= v2 ^ v10;
            h[3] ^= v3 ^ v11;
            h[4] ^= v4 ^ v12;
            h[5] ^= v5 ^ v13;
            h[6] ^= v6 ^ v14;
            h[7] ^= v7 ^ v15;
        }

        counter.CopyTo(counters);
    }

    // The words of one block of each lane, transposed four at a time.
    private static void LoadWords(ReadOnlySpan<byte> input, int stride, Span<Vector256<ulong>> words)
    {
        for (int word = 0; word < words.Length; word += 4)
        {
            int at = word * sizeof(ulong);
            Vector256<ulong> a = Row(input, at);
            Vector256<ulong> b = Row(input, stride + at);
            Vector256<ulong> c = Row(input, (2 * stride) + at);
            Vector256<ulong> d = Row(input, (3 * stride) + at);
            Transpose(ref a, ref b, ref c, ref d);
            words[word] = a;
            words[word + 1] = b;
            words[word + 2] = c;
            words[word + 3] = d;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Row(ReadOnlySpan<byte> input, int at) => Vector256.Create(input.Slice(at, 32)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d)
    {
        Vector256<ulong> ab = Avx2.UnpackLow(a, b);
        Vector256<ulong> cd = Avx2.UnpackLow(c, d);
        Vector256<ulong> abHigh = Avx2.UnpackHigh(a, b);
        Vector256<ulong> cdHigh = Avx2.UnpackHigh(c, d);
        a = Avx2.Permute2x128(ab, cd, 0x20);
        b = Avx2.Permute2x128(abHigh, cdHigh, 0x20);
        c = Avx2.Permute2x128(ab, cd, 0x31);
        d = Avx2.Permute2x128(abHigh, cdHigh, 0x31);
    }

    // Sound: callers pass 16 words, a row of SIGMA, whose entries are below 16, and an index below 16; nothing is written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly Vector256<ulong> Word(ref Vector256<ulong> m, in byte s, int index) =>
        ref Unsafe.Add(ref m, (nint)Unsafe.Add(ref Unsafe.AsRef(in s), index));
}
