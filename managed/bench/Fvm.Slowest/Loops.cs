namespace Fvm.Slowest;

/// <summary>All loops.</summary>
internal static class Loops
{
    public static IReadOnlyList<Loop> All { get; } = [.. SyscallLoops.All, .. NumericLoops.All, .. MemoryLoops.All, .. ControlLoops.All];
}
