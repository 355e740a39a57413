using Fvm.Chain;

namespace Fvm.Node;

/// <summary>The block that would be made next.</summary>
/// <param name="Tipset">As it would be, but for its messages.</param>
/// <param name="ParentHash">The hash of the head.</param>
/// <param name="Messages">The messages that it would have.</param>
internal sealed record PendingBlock(Tipset Tipset, EthHash ParentHash, IReadOnlyList<PoolMessage> Messages);
