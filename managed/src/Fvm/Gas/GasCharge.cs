namespace Fvm;

/// <summary>One charge: what traces call it, and what it costs now and later.</summary>
/// <param name="Name">The name that traces show; the reference's.</param>
/// <param name="Compute">Gas for immediate computation.</param>
/// <param name="Other">Gas for storage, memory that stays in use, deferred computation and externs.</param>
public readonly record struct GasCharge(string Name, Gas Compute, Gas Other)
{
    /// <summary>What a price list answers where it makes no charge: nothing is charged, nothing is traced.</summary>
    public static GasCharge None => default;

    /// <summary>Whether there is nothing to charge, not even zero gas.</summary>
    public bool IsNone => Name is null;

    /// <summary>Gas that is given back, at Skyr alone: of deleted actors, and where an actor charges less than nothing.</summary>
    public Gas Refund { get; init; }

    /// <summary>What is charged: the sum of both, saturating.</summary>
    public Gas Total => Compute + Other;
}
