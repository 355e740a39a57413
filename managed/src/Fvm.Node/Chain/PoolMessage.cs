using System.Numerics;
using Fvm.Chain;

namespace Fvm.Node;

/// <summary>A message that waits to be mined.</summary>
/// <param name="Hash">The hash by which Ethereum tools know it.</param>
/// <param name="Message">The message with its signature.</param>
/// <param name="Transaction">The transaction; null for a native message.</param>
/// <param name="Unchecked">Whether it is of an impersonated sender that cannot send by the protocol: a contract or a native actor.</param>
internal sealed record PoolMessage(EthHash Hash, ChainMessage Message, EthTransaction? Transaction, bool Unchecked = false)
{
    /// <summary>The signature of a message that came with one: a BLS signature is not in the message as blocks have it.</summary>
    public ChainSignature? Signature { get; init; } = Message.Signature;

    /// <summary>The sender.</summary>
    public Address From => Message.Message.From;

    /// <summary>The nonce.</summary>
    public ulong Nonce => Message.Message.Sequence;

    /// <summary>All that it can cost.</summary>
    public TokenAmount MaxCost => Message.Message.Value + (Message.Message.GasFeeCap * Message.Message.GasLimit);

    /// <summary>What it pays the miner per gas above a base fee.</summary>
    public BigInteger PremiumAbove(in TokenAmount baseFee)
    {
        BigInteger room = Message.Message.GasFeeCap.Atto - baseFee.Atto;
        return BigInteger.Min(room, Message.Message.GasPremium.Atto);
    }
}
