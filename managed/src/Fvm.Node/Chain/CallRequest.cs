using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>A call as eth_call has it; also a transaction that is not complete yet.</summary>
internal sealed record CallRequest
{
    /// <summary>The sender; null for the zero address.</summary>
    public EthAddress? From { get; init; }

    /// <summary>The receiver; null for the creation of a contract.</summary>
    public EthAddress? To { get; init; }

    /// <summary>The value.</summary>
    public TokenAmount Value { get; init; }

    /// <summary>The input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The gas limit; null for the block's.</summary>
    public ulong? Gas { get; init; }

    /// <summary>The nonce; null for the sender's next.</summary>
    public ulong? Nonce { get; init; }

    /// <summary>The price of a legacy transaction; null for none.</summary>
    public TokenAmount? GasPrice { get; init; }

    /// <summary>The fee cap; null for none.</summary>
    public TokenAmount? MaxFeePerGas { get; init; }

    /// <summary>The premium; null for none.</summary>
    public TokenAmount? MaxPriorityFeePerGas { get; init; }
}
