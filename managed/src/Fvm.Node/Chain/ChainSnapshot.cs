namespace Fvm.Node;

/// <summary>A point to which the chain can return.</summary>
internal sealed record ChainSnapshot(
    LocalBlock Head,
    IReadOnlyList<PoolMessage> Waiting,
    long TimeOffset,
    ulong? NextTimestamp,
    ulong? TimestampInterval,
    TokenAmount? NextBaseFee);
