namespace Fvm.Slowest;

/// <summary>All loops.</summary>
internal static class Loops
{
    public static IReadOnlyList<Loop> All { get; } =
    [
        .. SyscallLoops.All,
        .. from loop in (IEnumerable<Loop>)[.. NumericLoops.All, .. MemoryLoops.All, .. ControlLoops.All] select loop with { IsSteady = true },
    ];
}
