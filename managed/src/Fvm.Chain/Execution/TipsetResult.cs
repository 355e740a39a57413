using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>What the execution of a tipset gave.</summary>
public sealed record TipsetResult
{
    /// <summary>The state after it.</summary>
    public required Cid State { get; init; }

    /// <summary>The root of the receipts.</summary>
    public required Cid Receipts { get; init; }

    /// <summary>All messages, in order, those of the system included.</summary>
    public required IReadOnlyList<AppliedMessage> Messages { get; init; }

    /// <summary>The machines, in order: the null rounds' and the tipset's own.</summary>
    public required IReadOnlyList<MachineContext> Machines { get; init; }
}
