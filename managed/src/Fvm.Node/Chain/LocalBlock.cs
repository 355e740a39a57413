using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>A tipset of one block, executed. Immutable.</summary>
internal sealed record LocalBlock
{
    /// <summary>The tipset.</summary>
    public required Tipset Tipset { get; init; }

    /// <summary>The hash, as contracts see it.</summary>
    public required EthHash Hash { get; init; }

    /// <summary>The state after its messages, and after what the operator has changed in it since.</summary>
    public required Cid State { get; init; }

    /// <summary>The receipts' root.</summary>
    public required Cid Receipts { get; init; }

    /// <summary>The messages with their results.</summary>
    public required IReadOnlyList<LocalMessage> Messages { get; init; }

    /// <summary>The base fee of the next block.</summary>
    public required TokenAmount NextBaseFee { get; init; }

    /// <summary>The hash of the block before; zero for the genesis.</summary>
    public EthHash ParentHash => Tipset.Parents.Count == 0 ? default : EthHash.OfCid(Tipset.CidOf(Tipset.Parents));

    /// <summary>The epoch, which is the number of the block.</summary>
    public ulong Number => (ulong)Tipset.Epoch.Value;

    /// <summary>The base fee of its messages.</summary>
    public TokenAmount BaseFee => Tipset.First.BaseFee;

    /// <summary>Seconds since 1970.</summary>
    public ulong Timestamp => Tipset.Timestamp;

    /// <summary>The gas of all messages.</summary>
    public ulong GasUsed => Messages.Count == 0 ? 0 : Messages[^1].CumulativeGas;
}
