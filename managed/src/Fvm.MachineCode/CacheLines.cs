using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Fvm.MachineCode;

/// <summary>The lines of the processor's cache.</summary>
internal static class CacheLines
{
    private const int Size = 64;

    /// <summary>Asks for the lines of bytes that are about to be read, and waits for none.</summary>
    // Sound: the pointer is only prefetched, see below.
    public static unsafe void Prefetch(ReadOnlySpan<byte> bytes)
    {
        if (!Sse.IsSupported)
        {
            _ = Read(bytes);
            return;
        }

        // Sound: a prefetch reads nothing, whatever its address; the collector may move the bytes at any time.
        for (int at = 0; at < bytes.Length; at += Size)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in bytes[at])));
        }
    }

    /// <summary>Asks for the lines around the start of a value, which is not read, and waits for none.</summary>
    /// <param name="value">The value.</param>
    /// <param name="before">Bytes before its start.</param>
    /// <param name="after">Bytes from its start on.</param>
    // Sound: as above; an address need not be one of anything.
    public static unsafe void Prefetch<T>(ref readonly T value, int before, int after)
    {
        if (Sse.IsSupported)
        {
            byte* start = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in value));
            for (int at = -before; at < after - 1; at += Size)
            {
                Sse.Prefetch0(start + at);
            }

            Sse.Prefetch0(start + after - 1);
        }
    }

    /// <summary>Asks for the line of a byte and the next one, and waits for none.</summary>
    // Sound: as above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PrefetchTwo(ref readonly byte at)
    {
        if (Sse.IsSupported)
        {
            byte* start = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in at));
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + Size);
        }
    }

    // Where there is no instruction for it: a byte of each line is read. Not inlined: there, loads whose sum nobody needs would be left out.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Read(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int at = 0; at < bytes.Length; at += Size)
        {
            sum += bytes[at];
        }

        return sum;
    }
}
