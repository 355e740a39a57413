using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>Tracks threads that call the host (<c>native/src/threads.c</c>); absent in tests.</summary>
internal readonly struct ThreadFunctions
{
    private readonly bool _areLinked;

    private ThreadFunctions(bool areLinked) => _areLinked = areLinked;

    /// <summary>The functions linked into the library.</summary>
    public static ThreadFunctions Linked() => new(areLinked: true);

    /// <summary>The calling thread's identifier; 0 if there is none.</summary>
    public nint Current() => _areLinked ? fvm_shim_thread() : 0;

    /// <summary>Whether a thread left a callback without returning: by <c>longjmp</c>, or because it ended.</summary>
    public bool IsLost(nint thread) => _areLinked && thread != 0 && fvm_shim_thread_is_lost(thread) != 0;

    [DllImport("fvmshim")]
    private static extern nint fvm_shim_thread();

    [DllImport("fvmshim")]
    private static extern int fvm_shim_thread_is_lost(nint thread);
}
