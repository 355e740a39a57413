using System.Numerics;
using Fvm.Chain;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>The way of messages into the pool.</content>
internal sealed partial class LocalChain
{
    // Lotus: chain/messagepool, MaxMessageSize; total supply.
    private const int MaxMessageBytes = 64 << 10;

    private static readonly TokenAmount TotalSupply = TokenAmount.FromWhole(2_000_000_000);


    /// <summary>Takes a signed transaction into the pool, and mines it if blocks are made automatically.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <returns>Its hash.</returns>
    /// <exception cref="EthereumException">The signature is of no key.</exception>
    /// <exception cref="RefusedException">The chain does not take it.</exception>
    public async Task<EthHash> SendAsync(EthTransaction transaction)
    {
        // Recovering the key takes longest: not on the writer's thread.
        EthAddress sender = transaction.RecoverSender();
        Message message = transaction.ToMessage(sender);
        return await SendAsync(new PoolMessage(transaction.Hash, ChainMessage.Create(message, transaction.ToSignature()), transaction));
    }

    /// <summary>Takes a transaction of an impersonated sender.</summary>
    /// <param name="transaction">The transaction; its signature is replaced by one that names the sender.</param>
    /// <param name="sender">The sender.</param>
    /// <returns>Its hash.</returns>
    /// <exception cref="RefusedException">The chain does not take it.</exception>
    public Task<EthHash> SendAsAsync(EthTransaction transaction, EthAddress sender)
    {
        // No key has made this signature, and transactions of different senders have different ones, and so different hashes.
        EthTransaction marked = transaction with
        {
            R = new BigInteger(sender.ToBytes(), isUnsigned: true, isBigEndian: true) + 1,
            S = BigInteger.One,
            V = transaction.Kind == EthTransactionKind.DynamicFee ? 0 : transaction.V,
        };
        Message message = marked.ToMessage(sender);
        StateView state = StateOf(Head);
        bool isUnchecked = state.Find(sender) is ActorState actor && !state.IsSender(actor);
        return SendAsync(new PoolMessage(marked.Hash, ChainMessage.Create(message, marked.ToSignature()), marked, isUnchecked));
    }

    /// <summary>Takes a message into the pool, and mines it if blocks are made automatically.</summary>
    /// <returns>Its hash.</returns>
    /// <exception cref="RefusedException">The chain does not take it.</exception>
    public Task<EthHash> SendAsync(PoolMessage message) => WriteAsync(() =>
    {
        Check(message);
        if (_history.FindMessage(message.Hash) is not null)
        {
            throw new RefusedException($"already known: transaction {message.Hash} is in a block");
        }

        StateView state = StateOf(Head);
        ActorState? sender = state.Find(message.From);
        ulong next = message.Unchecked ? message.Nonce : sender?.Sequence ?? 0;
        if (message.Nonce < next)
        {
            throw new RefusedException($"nonce too low: next nonce {next}, tx nonce {message.Nonce}");
        }

        if (sender is not null && !message.Unchecked && !state.IsSender(sender))
        {
            throw new RefusedException($"sender not an eoa: address {message.From} is an actor that cannot send messages");
        }

        Pool.Add(message, sender?.Balance ?? TokenAmount.Zero);
        Accepted?.Invoke(message);
        if (Mode == MiningMode.Automatic)
        {
            MineWaiting();
        }

        return message.Hash;
    });

    /// <summary>The nonce of a sender's next message, those that wait counted.</summary>
    public ulong PendingNonceOf(EthAddress sender)
    {
        StateView state = StateOf(Head);
        return Pool.NonceAfter(sender.ToFilecoin(), state.NonceOf(sender));
    }

    private void Check(PoolMessage pooled)
    {
        Message message = pooled.Message.Message;
        int length = pooled.Message.ChainLength;
        if (length > MaxMessageBytes)
        {
            throw new RefusedException($"oversized data: the message has {length} bytes on the chain, {MaxMessageBytes} are allowed");
        }

        if (message.Value.IsNegative || message.Value > TotalSupply)
        {
            throw new RefusedException($"insufficient funds for gas * price + value: a value of {message.Value.Atto} is more than there is");
        }

        if (message.GasLimit > BlockGasLimit)
        {
            throw new RefusedException($"exceeds block gas limit: gas limit {message.GasLimit}, of the block {BlockGasLimit}");
        }

        ulong inclusion = NetworkRules.For((uint)Version).Prices.OnChainMessage(length).Total.RoundUp();
        if (message.GasLimit < inclusion)
        {
            throw new RefusedException(
                $"intrinsic gas too low: gas limit {message.GasLimit}, the message's {length} bytes on the chain take {inclusion}; "
                + "gas on Filecoin is not Ethereum's: let eth_estimateGas of this node choose the limit");
        }

        if (message.GasPremium.IsNegative || message.GasPremium > message.GasFeeCap)
        {
            throw new RefusedException(
                $"max priority fee per gas higher than max fee per gas: {message.GasPremium.Atto} is more than {message.GasFeeCap.Atto}");
        }

        TokenAmount least = TokenAmount.FromAtto(LocalChainOptions.MinBaseFee);
        TokenAmount baseFee = Mode == MiningMode.Automatic ? NextBaseFee : least;
        if (message.GasFeeCap < baseFee)
        {
            throw new RefusedException($"max fee per gas less than block base fee: {message.GasFeeCap.Atto} is less than {baseFee.Atto}");
        }
    }
}
