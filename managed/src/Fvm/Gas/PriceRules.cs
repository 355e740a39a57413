namespace Fvm;

/// <summary>The rules of a price list that its prices do not express.</summary>
public sealed record PriceRules
{
    /// <summary>
    /// One charge for a whole call, and one for the message's return value after its call has ended (Skyr). Otherwise transfer, invocation and
    /// return are charged separately.
    /// </summary>
    public required bool ChargesCallsWhole { get; init; }

    /// <summary>Access to actors, addresses, balances and the manifest is charged (from Hygge on).</summary>
    public required bool ChargesAccess { get; init; }

    /// <summary>Seals in a batch are charged (from Hygge on); before, the power actor charges when it accepts the seal.</summary>
    public required bool ChargesSealsOfBatches { get; init; }

    /// <summary>State roots and the links of values returned within a message are charged (from Watermelon on, FIP-0071).</summary>
    public required bool ChargesLinks { get; init; }

    /// <summary>Externs count as computation, all at one price (Skyr). Otherwise each has its own price.</summary>
    public required bool ExternsAreComputation { get; init; }

    /// <summary>
    /// The costs of copying, allocating and retaining a block are added, and a linked block is copied twice (Skyr). Otherwise a block costs at
    /// least its retention.
    /// </summary>
    public required bool AddsUpBlockMemory { get; init; }

    /// <summary>Opening a block is charged as <c>OnBlockOpenPerByte</c>, and copying it is computation (until Hygge).</summary>
    public required bool OpensBlocksPerByte { get; init; }

    /// <summary>A tipset CID has one price for the parent and one for all earlier tipsets (Hygge). Otherwise the price is per epoch.</summary>
    public required bool TipsetCidsCostByDistance { get; init; }
}
