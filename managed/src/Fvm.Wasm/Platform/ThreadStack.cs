using System.Runtime.InteropServices;

namespace Fvm.Wasm.Platform;

/// <summary>The stack of the calling thread.</summary>
public static unsafe partial class ThreadStack
{
    // What the host needs below machine code: a syscall's frames, and those of the runtime when it collects garbage or handles a signal.
    private const int Reserve = 256 * 1024;

    // Larger than the C library's structure on any platform.
    private const int AttributesSize = 256;

    /// <summary>
    /// The lowest address that machine code may move the stack pointer to, or 0 where the system does not tell. About a microsecond on
    /// threads that .NET made; slow on the process's first thread.
    /// </summary>
    public static nint Limit()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        byte* attributes = stackalloc byte[AttributesSize];
        if (GetAttributes(Self(), attributes) != 0)
        {
            return 0;
        }

        nint low = 0;
        nuint size = 0;
        int failed = GetStack(attributes, &low, &size);
        _ = Destroy(attributes);
        return failed != 0 || size < 2 * Reserve ? 0 : low + Reserve;
    }

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint Self();

    [LibraryImport("libc", EntryPoint = "pthread_getattr_np")]
    private static partial int GetAttributes(nint thread, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_getstack")]
    private static partial int GetStack(byte* attributes, nint* low, nuint* size);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    private static partial int Destroy(byte* attributes);
}
