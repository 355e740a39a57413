using Fvm.Chain;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>A message of a block, with its result.</summary>
internal sealed record LocalMessage
{
    /// <summary>The hash by which Ethereum tools know it.</summary>
    public required EthHash Hash { get; init; }

    /// <summary>The message.</summary>
    public required ChainMessage Message { get; init; }

    /// <summary>The transaction; null for a native message.</summary>
    public required EthTransaction? Transaction { get; init; }

    /// <summary>The result.</summary>
    public required ApplyRet Ret { get; init; }

    /// <summary>The sender, as its Ethereum address.</summary>
    public required EthAddress From { get; init; }

    /// <summary>The receiver; null for the creation of a contract, and for a receiver that does not exist.</summary>
    public required EthAddress? To { get; init; }

    /// <summary>The contract that the message created; null if none.</summary>
    public required EthAddress? Created { get; init; }

    /// <summary>The position in the block.</summary>
    public required int Index { get; init; }

    /// <summary>Whether it was executed without checks of its sender, and without payment (<see cref="PoolMessage.Unchecked"/>).</summary>
    public required bool IsUnchecked { get; init; }

    /// <summary>The gas of this message and those before it.</summary>
    public required ulong CumulativeGas { get; init; }

    /// <summary>The logs.</summary>
    public required IReadOnlyList<LocalLog> Logs { get; init; }
}
