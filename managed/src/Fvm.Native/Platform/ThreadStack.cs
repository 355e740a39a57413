using System.Runtime.CompilerServices;

namespace Fvm.Native;

/// <summary>
/// The stack of the thread that made this, whose unused part can be given back: a message that nests deeply would otherwise leave every
/// thread of a pool with megabytes that it may never touch again.
/// </summary>
internal sealed unsafe class ThreadStack
{
    // What is left alone below the caller's frame: what an ordinary message uses, which the next one would have to ask for again.
    private const long Margin = 256 << 10;
    private const long Page = 4096;

    // pthread_attr_t of glibc has 56 bytes on 64-bit Linux.
    private const int AttributeBytes = 128;

    private readonly long _low;

    /// <summary>Looks up the stack; where that fails, nothing is ever given back.</summary>
    public ThreadStack()
    {
        byte* attributes = stackalloc byte[AttributeBytes];
        void* start;
        nuint length;
        if (Libc.pthread_getattr_np(Libc.pthread_self(), attributes) == 0)
        {
            _low = Libc.pthread_attr_getstack(attributes, &start, &length) == 0 ? (long)start : 0;
            _ = Libc.pthread_attr_destroy(attributes);
        }
    }

    /// <summary>Gives back what lies well below the caller's frame, if any of it was used since the last time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void GiveBack()
    {
        byte here;
        byte resident = 0;
        long end = ((long)&here - Margin) & -Page;
        if (_low == 0 || end - Page <= _low || Libc.mincore((void*)(end - Page), (nuint)Page, &resident) != 0 || (resident & 1) == 0)
        {
            return;
        }

        // Sound: nothing below the stack pointer is alive, but for what lies within the margin.
        _ = Libc.madvise((void*)_low, (nuint)(end - _low), Libc.MadviseDontNeed);
    }
}
