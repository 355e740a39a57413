using System.Runtime.InteropServices;

namespace Fvm.Slowest;

/// <summary>Processor time of terminated child processes.</summary>
internal static partial class ChildrenTime
{
    private const int Children = -1;

    public static TimeSpan Read()
    {
        if (GetUsage(Children, out Usage usage) != 0)
        {
            throw new InvalidOperationException("getrusage fails");
        }

        return TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds) + TimeSpan.FromMicroseconds(usage.UserMicros + usage.SystemMicros);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    // struct rusage of Linux; only its first four fields are used.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicros;
        public long SystemSeconds;
        public long SystemMicros;
    }
}
