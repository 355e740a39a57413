namespace Fvm.Chain;

/// <summary>Where in a tipset its results begin to differ from the chain's.</summary>
public sealed record DifferencePlace
{
    /// <summary>The tipset's result, with the states between the messages.</summary>
    public required TipsetResult Result { get; init; }

    /// <summary>The number of the message among the result's; null if neither receipts nor states tell.</summary>
    public required int? Message { get; init; }

    /// <summary>Whether the message was found by its receipt; otherwise by the actors that it changed.</summary>
    public required bool IsByReceipt { get; init; }

    /// <summary>The chain's receipts by the numbers of the result's messages; null for messages of the system, and where unknown.</summary>
    public required IReadOnlyList<Receipt?> ChainReceipts { get; init; }
}
