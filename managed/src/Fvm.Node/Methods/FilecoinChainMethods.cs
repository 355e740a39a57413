using System.Text.Json;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The methods <c>Filecoin.Chain*</c>: tipsets, blocks, messages and receipts, and objects by CID.</summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinChainMethods(LocalChain chain, LotusForms forms)
{
    private const int MaxPath = 10_000;
    private readonly TipsetLookup _tipsets = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        AddTipsets(registry);
        AddMessages(registry);
        AddObjects(registry);
    }

    private void AddTipsets(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "ChainHead", call => WriteTipset(call, chain.Head));
        FilecoinMethods.Add(registry, "ChainGetGenesis", call => WriteTipset(call, chain.Origin));
        FilecoinMethods.Add(registry, "ChainGetTipSet", call => WriteTipset(call, _tipsets.Find(call.Parameters[0, "tipset"])));
        FilecoinMethods.Add(registry, "ChainGetFinalizedTipSet", call => WriteTipset(call, chain.Finalized()));
        FilecoinMethods.Add(registry, "ChainGetTipSetByHeight", call => WriteTipset(call, AtEpoch(call, before: true)));
        FilecoinMethods.Add(registry, "ChainGetTipSetAfterHeight", call => WriteTipset(call, AtEpoch(call, before: false)));
        FilecoinMethods.Add(registry, "ChainTipSetWeight", call =>
            call.Result.WriteStringValue(chain.WeightOf(_tipsets.Find(call.Parameters[0, "tipset"])).ToString()));
        FilecoinMethods.Add(registry, "ChainGetBlock", call =>
            forms.WriteHeader(call.Result, _tipsets.FindHeader(call.Parameters[0, "block"]).Tipset.First));
        FilecoinMethods.Add(registry, "ChainGetPath", WritePath);
    }

    private void AddMessages(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "ChainGetBlockMessages", call =>
            WriteBlockMessages(call.Result, _tipsets.FindHeader(call.Parameters[0, "block"])));
        FilecoinMethods.Add(registry, "ChainGetMessage", call =>
        {
            Cid cid = call.Parameters[0, "message"].Cid();
            ChainMessage message = _tipsets.FindMessage(cid)?.Message.Message
                ?? _tipsets.FindWaiting(cid)?.Message
                ?? throw TipsetLookup.Failure($"message {cid} not found");
            forms.WriteMessage(call.Result, message.Message, message.UnsignedCid);
        });
        FilecoinMethods.Add(registry, "ChainGetParentMessages", call => WriteMessages(call.Result, ParentOf(call)));
        FilecoinMethods.Add(registry, "ChainGetMessagesInTipset", call => WriteMessages(call.Result, _tipsets.Find(call.Parameters[0, "tipset"])));
        FilecoinMethods.Add(registry, "ChainGetParentReceipts", call =>
        {
            call.Result.WriteStartArray();
            foreach (LocalMessage message in ParentOf(call)?.Messages ?? [])
            {
                call.Result.WriteReceipt(message.Ret.Receipt);
            }

            call.Result.WriteEndArray();
        });
    }

    private void AddObjects(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "ChainReadObj", call =>
        {
            Cid cid = call.Parameters[0, "object"].Cid();
            call.Result.WriteBase64StringValue(chain.FindObject(in cid) ?? throw TipsetLookup.Failure($"ipld: could not find {cid}"));
        });
        FilecoinMethods.Add(registry, "ChainHasObj", call => call.Result.WriteBooleanValue(chain.Store.Has(call.Parameters[0, "object"].Cid())));
    }

    private void WriteTipset(RpcCall call, LocalBlock block) => forms.WriteTipset(call.Result, block.Tipset);

    private LocalBlock AtEpoch(RpcCall call, bool before) =>
        _tipsets.AtEpoch(_tipsets.Find(call.Parameters[1, "tipset"]), call.Parameters[0, "epoch"].Epoch(), before);

    private LocalBlock? ParentOf(RpcCall call) => chain.ParentOf(_tipsets.FindHeader(call.Parameters[0, "block"]));

    // What is left on the way from one tipset to another, then what is reached: on a chain of one node only one of them is not empty.
    private void WritePath(RpcCall call)
    {
        LocalBlock from = _tipsets.Find(call.Parameters[0, "from"]);
        LocalBlock to = _tipsets.Find(call.Parameters[1, "to"]);
        bool back = to.Number < from.Number;
        LocalBlock[] between = [.. chain.Range(Math.Min(from.Number, to.Number) + 1, Math.Max(from.Number, to.Number)).Take(MaxPath + 1)];
        if (between.Length > MaxPath)
        {
            throw new RpcException(RpcErrorCode.LimitExceeded, $"the path has more than {MaxPath} tipsets: ask for a shorter one");
        }

        call.Result.WriteStartArray();
        foreach (LocalBlock block in back ? between.AsEnumerable().Reverse() : between)
        {
            forms.WriteChange(call.Result, back ? "revert" : "apply", block.Tipset);
        }

        call.Result.WriteEndArray();
    }

    private void WriteBlockMessages(Utf8JsonWriter json, LocalBlock block)
    {
        ChainMessage[] messages = [.. block.Messages.Select(static message => message.Message)];
        json.WriteStartObject();
        json.WriteStartArray("BlsMessages");
        foreach (ChainMessage message in messages.Where(static message => message.Signature is null))
        {
            forms.WriteMessage(json, message.Message, message.Cid);
        }

        json.WriteEndArray();
        json.WriteStartArray("SecpkMessages");
        foreach (ChainMessage message in messages)
        {
            if (message.Signature is ChainSignature signature)
            {
                forms.WriteSigned(json, message, signature);
            }
        }

        json.WriteEndArray();
        json.WriteKey("Cids", [.. messages.OrderBy(static message => message.Signature is not null).Select(static message => message.Cid)]);
        json.WriteEndObject();
    }

    private void WriteMessages(Utf8JsonWriter json, LocalBlock? block)
    {
        json.WriteStartArray();
        foreach (LocalMessage message in block?.Messages ?? [])
        {
            json.WriteStartObject();
            json.WriteCid("Cid", message.Message.Cid);
            json.WritePropertyName("Message");
            forms.WriteMessage(json, message.Message.Message, message.Message.UnsignedCid);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
