// The library in a process with another .NET runtime, that of this program. While messages run, threads of this runtime allocate, collect
// garbage, and dereference null, so that signals pass through the handlers of both runtimes.
//
//     beside HOST.so LIBFVM.so TEST.so VECTORS [SECONDS]
//
// HOST.so defines the host's functions, TEST.so is one of native/tests, which runs five times, or for SECONDS. The last line is `N passed, N failed, N skipped`.
using System.Globalization;
using System.Runtime.InteropServices;

internal static unsafe class Program
{
    private const int Now = 2;
    private const int Global = 0x100;
    private const int Rounds = 5;

    public static int Main(string[] args)
    {
        nint test = 0;
        foreach (string path in args[..3])
        {
            test = dlopen(path, Now | Global);
            if (test == 0)
            {
                Console.WriteLine($"{path} does not load: {Marshal.PtrToStringUTF8(dlerror())}");
                Console.WriteLine("0 passed, 1 failed, 0 skipped");
                return 1;
            }
        }

        *(nint*)NativeLibrary.GetExport(test, "vectors") = Marshal.StringToCoTaskMemUTF8(args[3]);
        delegate* unmanaged<void> run = (delegate* unmanaged<void>)NativeLibrary.GetExport(test, "run");
        bool stop = false;
        int caught = 0;
        Thread[] others = new Thread[4];
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(() =>
            {
                List<byte[]> kept = [];
                while (!Volatile.Read(ref stop))
                {
                    kept.Add(new byte[10_000]);
                    if (kept.Count == 100)
                    {
                        kept.Clear();
                        GC.Collect();
                    }

                    try
                    {
                        string? nothing = null;
                        _ = nothing!.Length;
                    }
                    catch (NullReferenceException)
                    {
                        Interlocked.Increment(ref caught);
                    }
                }
            });
            others[i].Start();
        }

        DateTime until = args.Length > 4 ? DateTime.UtcNow.AddSeconds(int.Parse(args[4], CultureInfo.InvariantCulture)) : DateTime.MinValue;
        for (int i = 0; i < Rounds || DateTime.UtcNow < until; i++)
        {
            run();
        }

        Volatile.Write(ref stop, true);
        foreach (Thread other in others)
        {
            other.Join();
        }

        int failures = *(int*)NativeLibrary.GetExport(test, "check_failures");
        bool good = failures == 0 && caught > 0;
        Console.WriteLine($"{failures} checks failed, {caught} null references caught, {GC.CollectionCount(0)} collections");
        Console.WriteLine(good ? "1 passed, 0 failed, 0 skipped" : "0 passed, 1 failed, 0 skipped");
        return good ? 0 : 1;
    }

    [DllImport("libc")]
    private static extern nint dlopen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    private static extern nint dlerror();
}
