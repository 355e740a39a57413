namespace Fvm.Tracing;

/// <summary>An account before and after a message; it may be the same.</summary>
/// <param name="Before">Before; null if it did not exist.</param>
/// <param name="After">After; null if it no longer exists.</param>
/// <param name="Slots">The storage slots that differ.</param>
public sealed record AccountChange(EthAccount? Before, EthAccount? After, IReadOnlyList<SlotChange> Slots)
{
    /// <summary>Its address: an account that becomes a contract or an Ethereum account keeps it.</summary>
    public EthAddress Address => (Before ?? After)!.Address;

    /// <summary>Whether anything differs.</summary>
    public bool IsChange => Before is null || After is null || Slots.Count > 0
        || Before.Balance != After.Balance || Before.Nonce != After.Nonce || !Before.Code.Span.SequenceEqual(After.Code.Span);
}
