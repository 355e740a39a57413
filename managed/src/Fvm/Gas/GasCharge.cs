namespace Fvm;

/// <summary>One charge: what traces call it, and what it costs now and later.</summary>
/// <param name="Name">The name that traces show; the reference's.</param>
/// <param name="Compute">Gas for immediate computation.</param>
/// <param name="Other">Gas for storage, memory that stays in use, deferred computation and externs.</param>
public readonly record struct GasCharge(string Name, Gas Compute, Gas Other)
{
    /// <summary>Gas that is given back: of deleted actors at Skyr alone.</summary>
    public Gas Refund { get; init; }

    /// <summary>What is charged: the sum of both, saturating.</summary>
    public Gas Total => Compute + Other;
}
