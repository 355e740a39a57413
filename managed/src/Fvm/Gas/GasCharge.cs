namespace Fvm;

/// <summary>One gas charge: its name in traces, and its immediate and deferred cost.</summary>
/// <param name="Name">The name in traces; the reference's.</param>
/// <param name="Compute">Gas for immediate computation.</param>
/// <param name="Other">Gas for storage, retained memory, deferred computation and externs.</param>
public readonly record struct GasCharge(string Name, Gas Compute, Gas Other)
{
    /// <summary>No charge: nothing is charged and nothing is traced.</summary>
    public static GasCharge None => default;

    /// <summary>Whether this is <see cref="None"/>; a charge of zero gas is not.</summary>
    public bool IsNone => Name is null;

    /// <summary>Gas refunded, in Skyr only: for deleted actors, and for negative charges by actors.</summary>
    public Gas Refund { get; init; }

    /// <summary>The total charge: the saturating sum of both.</summary>
    public Gas Total => Compute + Other;
}
