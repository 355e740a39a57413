using System.Runtime.InteropServices;
using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>
/// Tracks threads that call the host (<c>native/src/threads.c</c>), which loses them by <c>longjmp</c> or their end; absent in tests.
/// </summary>
internal readonly struct ThreadFunctions : IThreadWatch
{
    private readonly bool _areLinked;

    private ThreadFunctions(bool areLinked) => _areLinked = areLinked;

    /// <summary>The functions linked into the library.</summary>
    public static ThreadFunctions Linked() => new(areLinked: true);

    /// <inheritdoc/>
    public nint Current() => _areLinked ? fvm_shim_thread() : 0;

    /// <inheritdoc/>
    public bool IsLost(nint thread) => _areLinked && thread != 0 && fvm_shim_thread_is_lost(thread) != 0;

    [DllImport("fvmshim")]
    private static extern nint fvm_shim_thread();

    [DllImport("fvmshim")]
    private static extern int fvm_shim_thread_is_lost(nint thread);
}
