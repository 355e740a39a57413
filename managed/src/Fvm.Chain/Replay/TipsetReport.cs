namespace Fvm.Chain;

/// <summary>The check of one tipset against its child.</summary>
public sealed record TipsetReport
{
    /// <summary>The tipset.</summary>
    public required Tipset Tipset { get; init; }

    public required TipsetStatus Status { get; init; }

    /// <summary>Why it was skipped; otherwise what is worth knowing, or null.</summary>
    public string? Note { get; init; }

    /// <summary>What differs.</summary>
    public IReadOnlyList<TipsetDifference> Differences { get; init; } = [];

    /// <summary>Whether it differs, and a verifier rejected proofs of it.</summary>
    public bool HasRejectedProofs { get; init; }

    /// <summary>The messages applied, those of the system not counted.</summary>
    public int Messages { get; init; }

    /// <summary>The gas used by all messages, those of the system included.</summary>
    public ulong GasUsed { get; init; }

    /// <summary>The time of the execution.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The machines that were made; empty if skipped.</summary>
    internal IReadOnlyList<MachineContext> Machines { get; init; } = [];
}
