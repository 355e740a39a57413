using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Completes transactions that clients leave to the node.</summary>
/// <param name="chain">The chain.</param>
internal sealed class TransactionDrafts(LocalChain chain)
{
    private readonly FeeAdvice _fees = new(chain);

    /// <summary>The transaction, with nonce, gas limit and fees if it lacks them. Not signed.</summary>
    /// <param name="request">The transaction.</param>
    /// <param name="sender">The sender.</param>
    /// <exception cref="CallFailedException">Its gas cannot be estimated, because it fails.</exception>
    public async Task<EthTransaction> CompleteAsync(CallRequest request, EthAddress sender)
    {
        if (request.GasPrice is not null && (request.MaxFeePerGas is not null || request.MaxPriorityFeePerGas is not null))
        {
            throw RpcException.InvalidParams("the transaction has both gasPrice and maxFeePerGas or maxPriorityFeePerGas: give one kind of price");
        }

        CallRequest call = request with { From = sender, Gas = null };
        ulong gas = request.Gas ?? await chain.EstimateAsync(call, chain.Head, pending: chain.Pool.Count > 0);
        TokenAmount premium = request.MaxPriorityFeePerGas ?? _fees.Premium();
        TokenAmount cap = request.MaxFeePerGas ?? _fees.FeeCap(premium);
        if (request.MaxPriorityFeePerGas is null && premium > cap)
        {
            premium = cap;
        }

        return new EthTransaction
        {
            Kind = request.GasPrice is null ? EthTransactionKind.DynamicFee : EthTransactionKind.Protected,
            ChainId = chain.ChainId,
            Nonce = request.Nonce ?? chain.PendingNonceOf(sender),
            To = request.To,
            Value = request.Value,
            Input = request.Input,
            GasLimit = gas,
            MaxFeePerGas = request.GasPrice ?? cap,
            MaxPriorityFeePerGas = request.GasPrice ?? premium,
        };
    }
}
