namespace Fvm.Node;

/// <summary>
/// Raises gas limits of transactions whose tools have estimated them on an EVM of their own. The signature no longer covers the message then, so
/// that is for local chains alone, and on request.
/// </summary>
/// <param name="chain">The chain.</param>
/// <param name="note">Takes a line per transaction that is changed.</param>
internal sealed class LenientGas(LocalChain chain, Action<string> note)
{
    // For a transaction whose gas cannot be estimated yet: it may depend on others that come before it.
    private const ulong Unknown = 1_000_000_000;

    /// <summary>Sends a transaction, with a higher gas limit if its own is too low.</summary>
    /// <exception cref="EthereumException">The signature is of no key.</exception>
    /// <exception cref="RefusedException">The chain does not take it.</exception>
    public async Task<EthHash> SendAsync(EthTransaction transaction)
    {
        Tracing.EthAddress sender = transaction.RecoverSender();
        ulong wanted = await WantedAsync(transaction, sender);
        if (transaction.GasLimit >= wanted)
        {
            return await chain.SendAsync(transaction);
        }

        EthHash hash = transaction.Hash;
        Message message = transaction.ToMessage(sender) with { GasLimit = wanted };
        _ = await chain.SendAsync(new PoolMessage(hash, Chain.ChainMessage.Create(message, transaction.ToSignature()), transaction));
        note($"transaction {hash}: gas limit {wanted} in place of {transaction.GasLimit}, which is too low on Filecoin");
        return hash;
    }

    private async Task<ulong> WantedAsync(EthTransaction transaction, Tracing.EthAddress sender)
    {
        CallRequest call = new() { From = sender, To = transaction.To, Value = transaction.Value, Input = transaction.Input };
        try
        {
            return await chain.EstimateAsync(call, chain.Head, pending: chain.Pool.Count > 0);
        }
        catch (CallFailedException)
        {
            return Unknown;
        }
    }
}
