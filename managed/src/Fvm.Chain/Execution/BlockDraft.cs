using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>What <see cref="BlockComposer"/> makes a block of.</summary>
public sealed record BlockDraft
{
    /// <summary>The parent; null for the genesis.</summary>
    public Tipset? Parent { get; init; }

    /// <summary>The epoch; those between the parent's and this one are null rounds.</summary>
    public required ChainEpoch Epoch { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>The state that the block's messages run on.</summary>
    public required Cid ParentState { get; init; }

    /// <summary>The receipts of the parent's messages.</summary>
    public required Cid ParentReceipts { get; init; }

    /// <summary>The base fee of the block's messages.</summary>
    public required TokenAmount BaseFee { get; init; }

    /// <summary>The miner, by ID.</summary>
    public required Address Miner { get; init; }

    /// <summary>The messages; those with an aggregated signature run first.</summary>
    public IReadOnlyList<ChainMessage> Messages { get; init; } = [];

    /// <summary>What randomness depends on besides the epoch.</summary>
    public ReadOnlyMemory<byte> SeedBytes { get; init; }

    internal ReadOnlySpan<byte> Seed => SeedBytes.Span;
}
