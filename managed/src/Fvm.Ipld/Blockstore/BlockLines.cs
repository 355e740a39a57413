using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Ipld;

/// <summary>How blocks come from the main memory into the processor's cache.</summary>
public static class BlockLines
{
    private const int CacheLine = 64;

    // More than nearly all nodes have, and a part of the nearest cache.
    private const int MostBytes = 8 << 10;

    /// <summary>
    /// Asks for the cache lines of a block that is to be decoded, at most of its first 8 KiB, and waits for none. Decoding would wait for one
    /// after another: where an item begins depends on the items before.
    /// </summary>
    // Sound: the pointer is only prefetched, see below.
    public static unsafe void Prefetch(byte[] block)
    {
        int length = Math.Min(block.Length, MostBytes);
        if (!Sse.IsSupported)
        {
            _ = Read(block.AsSpan(0, length));
            return;
        }

        // Sound: a prefetch reads nothing, whatever its address; the collector may move the array at any time.
        for (int at = 0; at < length; at += CacheLine)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref block[at]));
        }
    }

    // Where there is no instruction for it: a byte of each line is read. Not inlined: there, loads whose sum nobody needs would be left out.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Read(ReadOnlySpan<byte> block)
    {
        int sum = 0;
        for (int at = 0; at < block.Length; at += CacheLine)
        {
            sum += block[at];
        }

        return sum;
    }
}
