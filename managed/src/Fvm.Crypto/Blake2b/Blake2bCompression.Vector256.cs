// The compression function F of BLAKE2b (RFC 7693, section 3.2) with a row of the working matrix in each 256-bit register.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

internal static partial class Blake2bCompression
{
    /// <summary>Whether this machine runs the vector form.</summary>
    internal static bool IsVectorised => Avx2.IsSupported && BitConverter.IsLittleEndian;

    internal static UInt128 CompressVector256(Span<ulong> state, ReadOnlySpan<byte> blocks, UInt128 counter, bool final)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(blocks);
        Vector256<ulong> low = Vector256.Create<ulong>(state[..4]);
        Vector256<ulong> high = Vector256.Create<ulong>(state[4..8]);
        for (; !words.IsEmpty; words = words[16..])
        {
            counter += BlockBytes;
            Rows v = new(
                low,
                high,
                Vector256.Create(0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1),
                Vector256.Create(0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179)
                    ^ Vector256.Create((ulong)counter, (ulong)(counter >> 64), final ? ulong.MaxValue : 0, 0));

            // The rows of SIGMA as literals, so that each message word is loaded from a fixed place.
            ReadOnlySpan<ulong> m = words[..16];
            v.Round(m, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            v.Round(m, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
            v.Round(m, 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4);
            v.Round(m, 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8);
            v.Round(m, 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13);
            v.Round(m, 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9);
            v.Round(m, 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11);
            v.Round(m, 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10);
            v.Round(m, 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5);
            v.Round(m, 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0);
            v.Round(m, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            v.Round(m, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);

            low ^= v.A ^ v.C;
            high ^= v.B ^ v.D;
        }

        low.CopyTo(state);
        high.CopyTo(state[4..]);
        return counter;
    }

    // The working matrix. Column i of the four rows is one quarter of a round; the diagonals become columns when rows B, C and D turn.
    private struct Rows(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d)
    {
        public Vector256<ulong> A = a;
        public Vector256<ulong> B = b;
        public Vector256<ulong> C = c;
        public Vector256<ulong> D = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Round(
            ReadOnlySpan<ulong> m, int s0, int s1, int s2, int s3, int s4, int s5, int s6, int s7,
            int s8, int s9, int s10, int s11, int s12, int s13, int s14, int s15)
        {
            Mix(Vector256.Create(m[s0], m[s2], m[s4], m[s6]), Vector256.Create(m[s1], m[s3], m[s5], m[s7]));
            B = Avx2.Permute4x64(B, 0b00_11_10_01);
            C = Avx2.Permute4x64(C, 0b01_00_11_10);
            D = Avx2.Permute4x64(D, 0b10_01_00_11);
            Mix(Vector256.Create(m[s8], m[s10], m[s12], m[s14]), Vector256.Create(m[s9], m[s11], m[s13], m[s15]));
            B = Avx2.Permute4x64(B, 0b10_01_00_11);
            C = Avx2.Permute4x64(C, 0b01_00_11_10);
            D = Avx2.Permute4x64(D, 0b00_11_10_01);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Mix(Vector256<ulong> x, Vector256<ulong> y)
        {
            A += B + x;
            D = Rotate32(D ^ A);
            C += D;
            B = Rotate24(B ^ C);
            A += B + y;
            D = Rotate16(D ^ A);
            C += D;
            B = Rotate63(B ^ C);
        }

        private static Vector256<ulong> Rotate32(Vector256<ulong> x) => Avx2.Shuffle(x.AsUInt32(), 0b10_11_00_01).AsUInt64();

        // Rotations by whole bytes are one byte shuffle within each half.
        private static Vector256<ulong> Rotate24(Vector256<ulong> x) => Avx2.Shuffle(
            x.AsByte(),
            Vector256.Create(
                (byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10)).AsUInt64();

        private static Vector256<ulong> Rotate16(Vector256<ulong> x) => Avx2.Shuffle(
            x.AsByte(),
            Vector256.Create(
                (byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9)).AsUInt64();

        private static Vector256<ulong> Rotate63(Vector256<ulong> x) => Vector256.ShiftRightLogical(x, 63) ^ (x + x);
    }
}
