using System.Runtime.InteropServices;
using static Fvm.MachineCode.LinuxMappings;

namespace Fvm.Wasm;

/// <summary>Thread stacks on Linux and its C library: address ranges, given from the lowest address.</summary>
// Sound: callers pass only ranges from Reserve or of the calling thread's own stack below its frames; the C library gets locals, which stay
// in place until it returns, and a buffer larger than its attributes structure.
internal static unsafe partial class LinuxStackMemory
{
    public const long PageSize = 4096;

    // Larger than the C library's structure on any platform.
    private const int AttributesSize = 256;

    /// <summary>Reserves an inaccessible address range, which takes no memory and does not count as committed.</summary>
    /// <returns>The lowest address, or 0 where the system refuses.</returns>
    public static long Reserve(long bytes)
    {
        nint start = Map(0, (nuint)bytes, None, Private | Anonymous | NoReserve, -1, 0);
        if (start == Failed)
        {
            return 0;
        }

        // No huge pages: one for a few frames would waste memory.
        _ = Advise(start, (nuint)bytes, NoHugePages);
        return start;
    }

    /// <summary>Frees a range from <see cref="Reserve"/>.</summary>
    public static void Free(long start, long bytes) => Unmap((nint)start, (nuint)bytes);

    /// <summary>Makes part of a reserved range readable and writable.</summary>
    public static bool MakeUsable(long from, long to) => Protect((nint)from, (nuint)(to - from), Read | Write) == 0;

    /// <summary>Makes part of a range inaccessible again, and decommits its memory.</summary>
    public static bool Retract(long from, long to) =>
        Map((nint)from, (nuint)(to - from), None, Private | Anonymous | NoReserve | Fixed, -1, 0) != Failed;

    /// <summary>Returns pages to the system; they read as zero at their next use.</summary>
    public static void Discard(long from, long to) => _ = Advise((nint)from, (nuint)(to - from), DontNeed);

    /// <summary>Whether a page is backed by memory.</summary>
    public static bool IsResident(long page, ref byte resident)
    {
        fixed (byte* answer = &resident)
        {
            return InCore((nint)page, (nuint)PageSize, answer) == 0 && (*answer & 1) != 0;
        }
    }

    /// <summary>Lowest address of the calling thread's stack; 0 if unknown, or if the stack does not exceed the given size.</summary>
    public static long LowestOfThread(int least)
    {
        byte* attributes = stackalloc byte[AttributesSize];
        if (GetAttributes(Self(), attributes) != 0)
        {
            return 0;
        }

        nint low = 0;
        nuint size = 0;
        int failed = GetStack(attributes, &low, &size);
        _ = DestroyAttributes(attributes);
        return failed != 0 || size < (nuint)least ? 0 : low;
    }

    /// <summary>Starts a thread on a given stack.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int Start(long stack, long bytes, delegate* unmanaged<nint, nint> entry, nint argument, out nint thread)
    {
        thread = 0;
        byte* attributes = stackalloc byte[AttributesSize];
        int problem = InitializeAttributes(attributes);
        if (problem != 0)
        {
            return problem;
        }

        problem = SetStack(attributes, (nint)stack, (nuint)bytes);
        nint started = 0;
        problem = problem != 0 ? problem : Create(&started, attributes, (nint)entry, argument);
        _ = DestroyAttributes(attributes);
        thread = started;
        return problem;
    }

    /// <summary>Waits for a thread's end.</summary>
    public static void Join(nint thread) => _ = Join(thread, null);

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int InCore(nint address, nuint length, byte* resident);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint Self();

    [LibraryImport("libc", EntryPoint = "pthread_getattr_np")]
    private static partial int GetAttributes(nint thread, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_getstack")]
    private static partial int GetStack(byte* attributes, nint* low, nuint* size);

    [LibraryImport("libc", EntryPoint = "pthread_attr_init")]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_setstack")]
    private static partial int SetStack(byte* attributes, nint low, nuint size);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_create")]
    private static partial int Create(nint* thread, byte* attributes, nint entry, nint argument);

    [LibraryImport("libc", EntryPoint = "pthread_join")]
    private static partial int Join(nint thread, nint* result);
}
