namespace Fvm;

/// <summary>How a price list charges where the prices alone do not say so.</summary>
public sealed record PriceRules
{
    /// <summary>
    /// One charge for a call and all that belongs to it, and one for the message's return value once its call has ended (Skyr). Otherwise
    /// transfer, invocation and return are charged one by one.
    /// </summary>
    public required bool ChargesCallsWhole { get; init; }

    /// <summary>Access to actors, addresses, balances and the manifest is charged for (from Hygge on).</summary>
    public required bool ChargesAccess { get; init; }

    /// <summary>Seals of a batch are charged for (from Hygge on); before, the power actor charges when it takes the seal in.</summary>
    public required bool ChargesSealsOfBatches { get; init; }

    /// <summary>State roots and the links of values returned within a message are charged for (from Watermelon on, FIP-0071).</summary>
    public required bool ChargesLinks { get; init; }

    /// <summary>Calls of the node are computation, all of them at the price of an extern (Skyr). Otherwise each has a price of its own.</summary>
    public required bool ExternsAreComputation { get; init; }

    /// <summary>
    /// Copying, allocating and keeping a block add up, and a linked block is copied twice (Skyr). Otherwise a block costs at least what
    /// keeping it does.
    /// </summary>
    public required bool AddsUpBlockMemory { get; init; }

    /// <summary>Opening a block is charged under the name <c>OnBlockOpenPerByte</c>, and copying it is computation (until Hygge).</summary>
    public required bool OpensBlocksPerByte { get; init; }

    /// <summary>A tipset's CID has one price for the parent and one for all before it (Hygge). Otherwise each epoch back costs.</summary>
    public required bool TipsetCidsCostByDistance { get; init; }
}
