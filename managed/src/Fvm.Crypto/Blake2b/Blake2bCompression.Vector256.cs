using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <remarks>Vector implementation: one row of the working matrix per 256-bit register.</remarks>
internal static partial class Blake2bCompression
{
    /// <summary>Whether the processor supports the vector implementation.</summary>
    internal static bool IsVectorised => Avx2.IsSupported && BitConverter.IsLittleEndian;

    internal static UInt128 CompressVector256(Span<ulong> state, ReadOnlySpan<byte> blocks, UInt128 counter, bool final)
    {
        // Sound: words may have any alignment, and IsVectorised requires their byte order.
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(blocks);
        Vector256<ulong> low = Vector256.Create<ulong>(state[..4]);
        Vector256<ulong> high = Vector256.Create<ulong>(state[4..8]);
        Vector256<byte> rotate24 = Rotate24;
        Vector256<byte> rotate16 = Rotate16;

        for (; !words.IsEmpty; words = words[16..])
        {
            counter += BlockBytes;
            Vector256<ulong> a = low;
            Vector256<ulong> b = high;
            Vector256<ulong> c = Vector256.Create(0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1);
            Vector256<ulong> d = Vector256.Create(0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179)
                ^ Vector256.Create((ulong)counter, (ulong)(counter >> 64), final ? ulong.MaxValue : 0, 0);

            // Sound: both references are to the first of 16 elements, and Words reads only elements 0 to 15 of each.
            ref readonly ulong m = ref MemoryMarshal.GetReference(words[..16]);
            for (int round = 0; round < Rounds; round++)
            {
                // The first half of a round mixes (G) the columns, one per lane. Rows A, C and D then rotate relative to row B, which turns
                // the diagonals into columns, and rotate back afterwards. Row B stays in place: it is the last output of one mixing and the
                // first input of the next, so its rotation would be on the critical path.
                ref readonly byte s = ref MemoryMarshal.GetReference(Sigma.Slice(round * 16, 16));
                Mix(ref a, ref b, ref c, ref d, Words(in m, in s, 0, 2, 4, 6), Words(in m, in s, 1, 3, 5, 7), rotate24, rotate16);
                a = Avx2.Permute4x64(a, 0b10_01_00_11);
                c = Avx2.Permute4x64(c, 0b00_11_10_01);
                d = Avx2.Permute4x64(d, 0b01_00_11_10);
                Mix(ref a, ref b, ref c, ref d, Words(in m, in s, 14, 8, 10, 12), Words(in m, in s, 15, 9, 11, 13), rotate24, rotate16);
                a = Avx2.Permute4x64(a, 0b00_11_10_01);
                c = Avx2.Permute4x64(c, 0b10_01_00_11);
                d = Avx2.Permute4x64(d, 0b01_00_11_10);
            }

            low ^= a ^ c;
            high ^= b ^ d;
        }

        low.CopyTo(state);
        high.CopyTo(state[4..]);
        return counter;
    }

    // The message words selected by entries of a row of SIGMA. The entries are below 16, the words of a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Words(in ulong message, in byte sigma, int first, int second, int third, int fourth)
    {
        // Sound: callers pass a block of 16 words, a row of 16 entries and indices below 16; entries are below 16; nothing is written.
        ref ulong m = ref Unsafe.AsRef(in message);
        ref byte s = ref Unsafe.AsRef(in sigma);
        return Vector256.Create(
            Unsafe.Add(ref m, (nint)Unsafe.Add(ref s, first)),
            Unsafe.Add(ref m, (nint)Unsafe.Add(ref s, second)),
            Unsafe.Add(ref m, (nint)Unsafe.Add(ref s, third)),
            Unsafe.Add(ref m, (nint)Unsafe.Add(ref s, fourth)));
    }

    /// <summary>The byte shuffle that rotates words right by 24 bits.</summary>
    public static Vector256<byte> Rotate24 => Vector256.Create(
        (byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);

    /// <summary>The byte shuffle that rotates words right by 16 bits.</summary>
    public static Vector256<byte> Rotate16 => Vector256.Create(
        (byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);

    /// <summary>
    /// The mixing function G (section 3.1) of four columns, or of four messages. Row B is the last operand to be ready, so the message word is
    /// added before it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mix(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        Vector256<ulong> x, Vector256<ulong> y, Vector256<byte> rotate24, Vector256<byte> rotate16)
    {
        a = a + x + b;
        d = Avx2.Shuffle((d ^ a).AsUInt32(), 0b10_11_00_01).AsUInt64();
        c += d;
        b = Avx2.Shuffle((b ^ c).AsByte(), rotate24).AsUInt64();
        a = a + y + b;
        d = Avx2.Shuffle((d ^ a).AsByte(), rotate16).AsUInt64();
        c += d;
        Vector256<ulong> sum = b ^ c;
        b = Vector256.ShiftRightLogical(sum, 63) ^ (sum + sum);
    }
}
