using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The methods <c>Filecoin.Mpool*</c> and <c>Filecoin.Gas*</c>: the way of messages into the chain.</summary>
/// <param name="chain">The chain.</param>
/// <param name="keys">The keys that the node signs with.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinPoolMethods(LocalChain chain, AccountKeys keys, LotusForms forms)
{
    private const int MaxMessages = 1_000;

    private readonly FilecoinGas _gas = new(chain);
    private readonly TipsetLookup _tipsets = new(chain);

    // A message gets its nonce and is sent before the next one gets its own.
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        AddGas(registry);
        FilecoinMethods.Add(registry, "MpoolGetNonce", call =>
            call.Result.WriteNumberValue(chain.PendingNonceOf(call.Parameters[0, "address"].FilecoinAddress())));
        FilecoinMethods.Add(registry, "MpoolPending", call =>
        {
            _ = _tipsets.Find(call.Parameters[0, "tipset"]);
            call.Result.WriteStartArray();
            foreach (PoolMessage message in chain.Pool.All())
            {
                if (message.Signature is ChainSignature signature)
                {
                    forms.WriteSigned(call.Result, message.Message, signature);
                }
            }

            call.Result.WriteEndArray();
        });
        FilecoinMethods.Add(registry, "MpoolPush", async call =>
        {
            Cid cid = await PushAsync(call.Parameters[0, "message"]);
            call.Result.WriteCid(in cid);
        });
        FilecoinMethods.Add(registry, "MpoolPushUntrusted", async call =>
        {
            Cid cid = await PushAsync(call.Parameters[0, "message"]);
            call.Result.WriteCid(in cid);
        });
        FilecoinMethods.Add(registry, "MpoolBatchPush", async call =>
        {
            call.Result.WriteStartArray();
            foreach (RpcValue message in call.Parameters[0, "messages"].Items(MaxMessages))
            {
                Cid cid = await PushAsync(message);
                call.Result.WriteCid(in cid);
            }

            call.Result.WriteEndArray();
        });
        FilecoinMethods.Add(registry, "MpoolPushMessage", async call =>
            WriteSigned(call, await SignAndPushAsync(call.Parameters[0, "message"], call.Parameters[1, "specification"], call.Cancellation)));
    }

    private void AddGas(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "GasEstimateGasLimit", async call =>
            call.Result.WriteNumberValue(await _gas.LimitOfAsync(call.Parameters[0, "message"].Message())));
        FilecoinMethods.Add(registry, "GasEstimateGasPremium", call => call.Result.WriteStringValue(_gas.Premium().ToString()));
        FilecoinMethods.Add(registry, "GasEstimateFeeCap", call => call.Result.WriteStringValue(
            _gas.FeeCapOf(call.Parameters[0, "message"].Message(), call.Parameters[1, "epochs"].Signed()).ToString()));
        FilecoinMethods.Add(registry, "GasEstimateMessageGas", async call =>
        {
            Message message = call.Parameters[0, "message"].Message();
            forms.WriteMessage(call.Result, await _gas.CompleteAsync(message, MaxFeeOf(call.Parameters[1, "specification"])));
        });
    }

    private static TokenAmount MaxFeeOf(RpcValue specification) => specification.IsMissing ? TokenAmount.Zero : specification["MaxFee"].Attos();

    private Task<Cid> PushAsync(RpcValue signed) => chain.SendAsync(signed["Message"].Message(), signed["Signature"].Signature());

    private void WriteSigned(RpcCall call, (Message Message, ChainSignature Signature) signed)
    {
        bool isBls = signed.Signature.Kind == ChainSignatureKind.Bls;
        forms.WriteSigned(call.Result, ChainMessage.Create(signed.Message, isBls ? null : signed.Signature), signed.Signature);
    }

    private async Task<(Message Message, ChainSignature Signature)> SignAndPushAsync(
        RpcValue value, RpcValue specification, CancellationToken cancellation)
    {
        Message message = value.Message();
        if (message.Sequence != 0)
        {
            throw TipsetLookup.Failure($"MpoolPushMessage expects message nonce to be 0, was {message.Sequence}");
        }

        StateView state = chain.StateOf(chain.Head);
        Address sender = state.KeyOf(message.From) ?? throw TipsetLookup.Failure($"actor not found: {forms.Text(message.From)}");
        AccountKey key = keys.Find(sender) ?? throw TipsetLookup.Failure($"key not found: the node has none of {forms.Text(sender)}");
        message = await _gas.CompleteAsync(message with { From = sender }, MaxFeeOf(specification));
        await _sending.WaitAsync(cancellation);
        try
        {
            message = message with { Sequence = chain.PendingNonceOf(sender) };
            ChainSignature signature = key.Sign(message, chain.ChainId);
            _ = await chain.SendAsync(message, signature);
            return (message, signature);
        }
        finally
        {
            _ = _sending.Release();
        }
    }
}
