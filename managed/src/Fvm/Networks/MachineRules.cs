namespace Fvm;

/// <summary>How a generation of the machine behaves where neither prices nor syscalls say so.</summary>
public sealed record MachineRules
{
    /// <summary>Code without an entry point is a fatal error, and no exit code (fvm 3 and before).</summary>
    public required bool MissingEntryIsFatal { get; init; }

    /// <summary>Traces show the constructor of an account that a send creates as an invocation (fvm 3 and before).</summary>
    public required bool TracesImplicitConstructors { get; init; }

    /// <summary>Traces show blocks that are opened and linked, and what actors log (from fvm 4 on).</summary>
    public required bool TracesBlocksAndLogs { get; init; }

    /// <summary>
    /// A call that is refused for its depth leaves the gas limit that was asked for it in force (fvm 3 and before): from then on limits
    /// are off by one call.
    /// </summary>
    public required bool KeepsGasLimitOfTooDeepCalls { get; init; }

    /// <summary>A tipset's CID cannot be had from so many epochs back (chain finality at fvm 3).</summary>
    public required long TipsetLookbackEnd { get; init; }
}
