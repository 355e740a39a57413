namespace Fvm.Native;

/// <summary>
/// Signal handlers run on the alternative stack where a thread has one. Go demands it of every handler in its process, for its own
/// stacks are too small for a signal's frame; the .NET runtime does not ask for it everywhere.
/// </summary>
internal static unsafe class SignalStacks
{
    // struct sigaction of glibc on 64-bit Linux: handler, mask of 128 bytes, flags, restorer.
    private const int ActionBytes = 152;
    private const int FlagsOffset = 136;
    private const int OnStack = 0x08000000;
    private const int Signals = 64;

    /// <summary>Adds the flag to all handlers that lack it.</summary>
    public static void Fix()
    {
        byte* action = stackalloc byte[ActionBytes];
        for (int signal = 1; signal <= Signals; signal++)
        {
            if (Libc.sigaction(signal, null, action) != 0)
            {
                continue;
            }

            bool handled = *(nint*)action is not (0 or 1);
            int* flags = (int*)(action + FlagsOffset);
            if (handled && (*flags & OnStack) == 0)
            {
                *flags |= OnStack;
                _ = Libc.sigaction(signal, action, null);
            }
        }
    }
}
