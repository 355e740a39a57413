using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>The process's handlers of signals, by the C library's functions, with the numbers and layouts of Linux on x86-64.</summary>
// Sound: the C library reads and writes structures with its layout (the same in glibc and musl), which stay in place until it returns.
internal static unsafe partial class SignalHandlers
{
    /// <summary>The signal of an access to a page without access. Linux sends SIGBUS only for pages of a file that has become shorter.</summary>
    public const int SegmentationFault = 11;

    // Flags of an action.
    public const int WithInformation = 4;
    public const int Once = unchecked((int)0x8000_0000);

    // Words of a set of signals.
    private const int SetWords = 16;

    /// <summary>The present action of a signal.</summary>
    /// <returns>False if the system does not say.</returns>
    public static bool TryGet(int signal, out Action action)
    {
        fixed (Action* present = &action)
        {
            return SetAction(signal, null, present) == 0;
        }
    }

    /// <summary>Sets the action of a signal; false where the system refuses.</summary>
    public static bool TrySet(int signal, in Action action)
    {
        fixed (Action* wanted = &action)
        {
            return SetAction(signal, wanted, null) == 0;
        }
    }

    /// <summary>Whether the calling thread blocks a signal. A fault whose signal is blocked ends the process.</summary>
    public static bool IsBlocked(int signal)
    {
        ulong* blocked = stackalloc ulong[SetWords];
        return SetMask(0, null, blocked) != 0 || (*blocked >> (signal - 1) & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    [SuppressGCTransition]
    private static partial int SetAction(int signal, Action* wanted, Action* present);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    [SuppressGCTransition]
    private static partial int SetMask(int how, ulong* wanted, ulong* present);

    /// <summary><c>struct sigaction</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Action
    {
        /// <summary>Address of the handler; 0 for the default action, 1 to ignore the signal.</summary>
        public nint Handler;

        /// <summary>The signals that are blocked while the handler runs.</summary>
        public fixed ulong Blocked[SetWords];

        public int Flags;

        /// <summary>For the C library alone.</summary>
        public nint Restorer;

        /// <summary>Whether it is a function.</summary>
        public readonly bool IsHandler => Handler is not (0 or 1);
    }
}
