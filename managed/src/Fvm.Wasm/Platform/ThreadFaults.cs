using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// The page faults of the calling thread (Linux's <c>getrusage</c>). Where the count has not moved, the thread has written to no page that
/// was absent before: one system call of 0.2 µs, where reading the page map of a memory takes 2 µs.
/// </summary>
internal static partial class ThreadFaults
{
    private const int OfThread = 1;

    // Larger than the C library's structure on any platform.
    private const int UsageWords = 32;

    // Words before the counts of minor and of major faults: two times of day, and four sizes of memory.
    private const int Minor = 8;
    private const int Major = 9;

    /// <summary>Whether the system counts: some that only imitate Linux always say zero.</summary>
    /// <param name="pages">Gives a page to try it with.</param>
    // Sound: the page has just been allocated, and is nobody else's.
    public static unsafe bool AreCounted(PageMemory pages)
    {
        if (!OperatingSystem.IsLinux() || nint.Size != sizeof(long))
        {
            return false;
        }

        nuint size = PageMap.PageSize;
        byte* page = pages.Allocate(size);
        try
        {
            long before = Count();
            Volatile.Write(ref *page, 1);
            return before >= 0 && Count() > before;
        }
        finally
        {
            pages.Free(page, size);
        }
    }

    /// <summary>The number of faults since the thread's start; -1 if the system does not say.</summary>
    // Sound: the system writes at most the size of its structure, which is smaller.
    public static unsafe long Count()
    {
        long* usage = stackalloc long[UsageWords];
        return GetUsage(OfThread, usage) == 0 ? usage[Minor] + usage[Major] : -1;
    }

    // Sound: the caller gives a buffer that is large enough.
    [LibraryImport("libc", EntryPoint = "getrusage")]
    [SuppressGCTransition]
    private static unsafe partial int GetUsage(int who, long* usage);
}
