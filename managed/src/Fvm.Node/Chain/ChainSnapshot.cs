namespace Fvm.Node;

/// <summary>A point to which the chain can return.</summary>
/// <param name="Head">The last block, with the state behind it.</param>
/// <param name="Waiting">The messages of the pool.</param>
/// <param name="Next">What was settled about the next block.</param>
internal sealed record ChainSnapshot(LocalBlock Head, IReadOnlyList<PoolMessage> Waiting, NextBlock Next);
