using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>C library functions that .NET does not offer (64-bit Linux).</summary>
// Sound: declares only; the signatures are those of the C library on 64-bit Linux.
internal static unsafe class Libc
{
    public const int ProtNone = 0;
    public const int MapPrivate = 2;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;

    private const string Library = "libc";

    [DllImport(Library)]
    public static extern void* mmap(void* address, nuint length, int protection, int flags, int file, long offset);

    [DllImport(Library)]
    public static extern nint write(int file, byte* bytes, nuint length);

    [DllImport(Library)]
    public static extern void* dlsym(void* library, byte* name);

    [DllImport(Library)]
    public static extern void free(void* block);
}
