using Fvm.Tracing;

namespace Fvm.Node;

/// <content>Transactions on their way into the chain.</content>
internal sealed partial class EthMethods
{
    private const ulong DefaultTimeout = 30_000;
    private const ulong MaxTimeout = 300_000;
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(20);

    private void AddSending(RpcRegistry registry)
    {
        registry.AddAsync("eth_sendRawTransaction", async call => call.Result.WriteHash(await SendRawAsync(call)));
        registry.AddAsync("eth_sendTransaction", async call => call.Result.WriteHash(await SendAsync(call, needsKey: true)));
        registry.AddAsync("eth_sendUnsignedTransaction", async call => call.Result.WriteHash(await SendAsync(call, needsKey: false)));
        registry.AddAsync("eth_sendRawTransactionSync", async call =>
            await WriteReceiptAsync(call, await SendRawAsync(call), call.Parameters[1, "timeout"]));
        registry.AddAsync("eth_sendTransactionSync", async call =>
            await WriteReceiptAsync(call, await SendAsync(call, needsKey: true), call.Parameters[1, "timeout"]));
        registry.AddAsync("eth_fillTransaction", async call =>
        {
            CallRequest request = CallReader.Read(call.Parameters[0, "transaction"]);
            EthAddress sender = request.From ?? default;
            EthTransaction transaction = await _drafts.CompleteAsync(request, sender);
            call.Result.WriteStartObject();
            call.Result.WriteData("raw", transaction.EncodeUnsigned());
            call.Result.WritePropertyName("tx");
            ChainJson.WriteUnsigned(call.Result, transaction, sender);
            call.Result.WriteEndObject();
        });
        registry.AddAsync("eth_signTransaction", async call =>
        {
            CallRequest request = CallReader.Read(call.Parameters[0, "transaction"]);
            EthAddress sender = SenderOf(request);
            EthKey key = wallet.Find(sender) ?? throw NoKey(sender);
            call.Result.WriteData((await _drafts.CompleteAsync(request, sender)).Sign(key).EncodeSigned());
        });
    }

    private static RpcException NoKey(EthAddress sender) =>
        new(RpcErrorCode.ServerError, $"unknown account: {sender} is none of eth_accounts; sign the transaction, or impersonate the account");

    private Task<EthHash> SendRawAsync(RpcCall call)
    {
        EthTransaction transaction = EthTransaction.Decode(call.Parameters[0, "transaction"].Bytes(), chain.ChainId);
        return lenient is null ? chain.SendAsync(transaction) : lenient.SendAsync(transaction);
    }

    private EthAddress SenderOf(CallRequest request) => request.From
        ?? (wallet.Addresses.Any() ? wallet.Addresses.First() : throw RpcException.InvalidParams("the transaction has no sender (from)"));

    private async Task<EthHash> SendAsync(RpcCall call, bool needsKey)
    {
        RpcValue value = call.Parameters[0, "transaction"];
        if (value["chainId"] is { IsMissing: false } chainId && chainId.Number() != chain.ChainId)
        {
            throw RpcException.InvalidParams($"{chainId.Place}: the chain ID is {chain.ChainId}");
        }

        CallRequest request = CallReader.Read(value);
        EthAddress sender = SenderOf(request);
        bool isImpersonated = !needsKey || chain.IsImpersonated(sender);
        EthKey? key = wallet.Find(sender);
        if (key is null && !isImpersonated)
        {
            throw NoKey(sender);
        }

        EthTransaction transaction = await _drafts.CompleteAsync(request, sender);
        return key is not null ? await chain.SendAsync(transaction.Sign(key)) : await chain.SendAsAsync(transaction, sender);
    }

    private async Task WriteReceiptAsync(RpcCall call, EthHash hash, RpcValue timeout)
    {
        ulong milliseconds = timeout.IsMissing ? DefaultTimeout : Math.Min(timeout.Number(), MaxTimeout);
        DateTime end = DateTime.UtcNow.AddMilliseconds(milliseconds);
        while (chain.FindMessage(hash) is null)
        {
            if (DateTime.UtcNow >= end)
            {
                throw new RpcException(
                    RpcErrorCode.ServerError,
                    $"the transaction was added to the pool but not mined within {milliseconds} ms: {hash}",
                    $"\"{hash}\"");
            }

            await Task.Delay(PollTime, call.Cancellation);
        }

        WriteReceipt(call.Result, hash);
    }
}
