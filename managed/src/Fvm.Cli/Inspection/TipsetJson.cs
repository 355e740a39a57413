using System.Text.Json;
using Fvm.Actors;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>A tipset and its messages in JSON.</summary>
internal sealed class TipsetJson(ShownTipset shown)
{
    /// <summary>The parameters of a message by name; null if its method has no name.</summary>
    public static DecodedValue? ParametersOf(MessageNames names, Message message) =>
        message.Params.IsEmpty ? null : names.Find(message)?.DecodeParameters(new IpldBlock(Multicodec.Cbor, message.Params));

    /// <summary>One message; with its result by field, and with trace if there is one.</summary>
    public static void WriteMessage(Utf8JsonWriter json, ShownTipset shown, ShownMessage item, bool withTrace)
    {
        Message message = item.Message;
        json.WriteText("cid", item.Source?.Cid.ToString());
        json.WriteNumber("epoch", item.Epoch.Value);
        json.WriteString("from", message.From.ToString());
        json.WriteString("to", message.To.ToString());
        json.WriteText("to_type", shown.Names.ReceiverOf(message));
        json.WriteNumber("method", message.Method.Value);
        json.WriteText("method_name", shown.Names.Find(message)?.Name);
        json.WriteBase64String("params", message.Params.Span);
        json.WritePropertyName("parameters");
        if (ParametersOf(shown.Names, message) is DecodedValue { Misfit: null } named)
        {
            named.Value.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteAmount("value", message.Value);
        json.WriteNumber("nonce", message.Sequence);
        json.WriteNumber("gas_limit", message.GasLimit);
        json.WriteAmount("gas_fee_cap", message.GasFeeCap);
        json.WriteAmount("gas_premium", message.GasPremium);
        json.WriteText("signature", item.Source?.Signature?.Kind.ToString());
        if (item.Ret is not ApplyRet ret)
        {
            json.WriteNull("receipt");
        }
        else if (withTrace)
        {
            ReceiptJson.Write(json, ret, shown.Names.Names);
        }
        else
        {
            json.WriteStartObject("receipt");
            json.WriteNumber("exit_code", ret.Receipt.ExitCode.Value);
            json.WriteBase64String("return", ret.Receipt.ReturnData.Span);
            json.WriteNumber("gas_used", ret.Receipt.GasUsed);
            json.WriteText("events_root", ret.Receipt.EventsRoot?.ToString());
            json.WriteEndObject();
        }
    }

    /// <summary>The tipset.</summary>
    public void Write(Utf8JsonWriter json)
    {
        Tipset tipset = shown.Tipset;
        BlockHeader first = tipset.First;
        json.WriteNumber("epoch", tipset.Epoch.Value);
        json.WriteNumber("network_version", shown.NetworkVersion);
        json.WriteTexts("tipset", tipset.Cids.Select(static cid => cid.ToString()));
        json.WriteTexts("parents", tipset.Parents.Select(static cid => cid.ToString()));
        json.WriteString("parent_weight", first.ParentWeight.ToString());
        json.WriteCid("parent_state", first.ParentState);
        json.WriteCid("parent_receipts", first.ParentReceipts);
        json.WriteAmount("base_fee", first.BaseFee);
        json.WriteObjects("blocks", tipset.Cids.Zip(tipset.Blocks), static (json, item) =>
        {
            (Cid cid, BlockHeader block) = item;
            json.WriteCid("cid", cid);
            json.WriteString("miner", block.Miner.ToString());
            json.WriteNumber("timestamp", block.Timestamp);
            json.WriteNumber("win_count", block.WinCount);
            json.WriteCid("messages", block.Messages);
            json.WriteStartArray("beacon_rounds");
            foreach (ulong round in block.BeaconRounds)
            {
                json.WriteNumberValue(round);
            }

            json.WriteEndArray();
            json.WriteText("signature", block.Signature?.Kind.ToString());
        });
        json.WriteText("no_results_because", shown.Problem);
        json.WriteObjects("messages", shown.Messages, (json, message) => WriteMessage(json, shown, message, withTrace: false));
    }
}
