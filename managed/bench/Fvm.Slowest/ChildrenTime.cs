using System.Runtime.InteropServices;

namespace Fvm.Slowest;

/// <summary>The time of processors that finished child processes used.</summary>
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

    // struct rusage of Linux, of which only the first four numbers are of interest.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicros;
        public long SystemSeconds;
        public long SystemMicros;
    }
}
