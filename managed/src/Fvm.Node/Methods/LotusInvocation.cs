using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The result of a message that was run, with its trace, in Lotus's form (<c>InvocResult</c>).</summary>
/// <param name="forms">Writes addresses.</param>
internal sealed class LotusInvocation(LotusForms forms)
{
    /// <summary>Writes it.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="message">The message.</param>
    /// <param name="ret">Its result, with the trace.</param>
    /// <param name="onChain">Its CID on the chain, where it cost something; null for a call.</param>
    public void Write(Utf8JsonWriter json, Message message, ApplyRet ret, Cid? onChain)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, message.Encode());
        json.WriteStartObject();
        json.WriteCid("MsgCid", onChain ?? cid);
        json.WritePropertyName("Msg");
        forms.WriteMessage(json, message, in cid);
        json.WritePropertyName("MsgRct");
        json.WriteReceipt(ret.Receipt);
        WriteCost(json, message, ret, onChain is null ? null : cid);
        json.WritePropertyName("ExecutionTrace");
        WriteTrace(json, message, ret);
        json.WriteString("Error", ret.Receipt.ExitCode.IsSuccess ? string.Empty : $"{ret.Failure} (RetCode={ret.Receipt.ExitCode.Value})");
        json.WriteNumber("Duration", 0);
        json.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter json, Message message, ApplyRet ret, Cid? cid)
    {
        TokenAmount refund = cid is null ? TokenAmount.Zero : ret.Refund;
        TokenAmount total = cid is null ? TokenAmount.Zero : (message.GasFeeCap * message.GasLimit) - ret.Refund;
        json.WriteStartObject("GasCost");
        json.WriteCid("Message", cid);
        json.WriteString("GasUsed", cid is null ? "0" : $"{ret.Receipt.GasUsed}");
        json.WriteDecimal("BaseFeeBurn", ret.BaseFeeBurn);
        json.WriteDecimal("OverEstimationBurn", ret.OverEstimationBurn);
        json.WriteDecimal("MinerPenalty", ret.Penalty);
        json.WriteDecimal("MinerTip", ret.MinerTip);
        json.WriteDecimal("Refund", refund);
        json.WriteDecimal("TotalCost", total);
        json.WriteEndObject();
    }

    private void WriteTrace(Utf8JsonWriter json, Message message, ApplyRet ret)
    {
        if (TracedCall.Outermost(ret.Trace) is TracedCall call)
        {
            WriteCall(json, call);
            return;
        }

        // No actor was called.
        json.WriteStartObject();
        WriteCallMessage(json, message.From, new CallEvent(
            default, message.To, message.Method, message.Params.IsEmpty ? null : new IpldBlock(Multicodec.Cbor, message.Params), message.Value,
            message.GasLimit, ReadOnly: false));
        WriteReturn(json, ret.Receipt.ExitCode, null);
        json.WriteNull("InvokedActor");
        json.WriteStartArray("GasCharges");
        json.WriteEndArray();
        json.WriteNull("Subcalls");
        json.WriteEndObject();
    }

    // Recurses to the depth of actor calls, which the machine limits.
    private void WriteCall(Utf8JsonWriter json, TracedCall call)
    {
        json.WriteStartObject();
        WriteCallMessage(json, Address.NewId(call.Begin.From), call.Begin);
        WriteReturn(json, call.ExitCode, call.Result);
        if (call.Invoked is InvokeActorEvent invoked)
        {
            json.WriteStartObject("InvokedActor");
            json.WriteNumber("Id", invoked.Id.Value);
            json.WritePropertyName("State");
            forms.WriteActor(json, invoked.State);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("InvokedActor");
        }

        WriteCharges(json, call.Charges);
        WriteSubcalls(json, call.Calls);
        json.WriteEndObject();
    }

    private static void WriteCharges(Utf8JsonWriter json, IReadOnlyCollection<GasCharge> charges)
    {
        if (charges.Count == 0)
        {
            json.WriteNull("GasCharges");
            return;
        }

        json.WriteStartArray("GasCharges");
        foreach (GasCharge charge in charges)
        {
            json.WriteStartObject();
            json.WriteString("Name", charge.Name);
            json.WriteNumber("tg", charge.Total.RoundUp());
            json.WriteNumber("cg", charge.Compute.RoundUp());
            json.WriteNumber("sg", charge.Other.RoundUp());
            json.WriteNumber("tt", 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteSubcalls(Utf8JsonWriter json, List<TracedCall> calls)
    {
        if (calls.Count == 0)
        {
            json.WriteNull("Subcalls");
            return;
        }

        json.WriteStartArray("Subcalls");
        foreach (TracedCall inner in calls)
        {
            WriteCall(json, inner);
        }

        json.WriteEndArray();
    }

    private void WriteCallMessage(Utf8JsonWriter json, in Address from, CallEvent call)
    {
        json.WriteStartObject("Msg");
        json.WriteString("From", forms.Text(from));
        json.WriteString("To", forms.Text(call.To));
        json.WriteDecimal("Value", call.Value);
        json.WriteNumber("Method", call.Method.Value);
        json.WriteBase64OrNull("Params", call.Params is null ? default : call.Params.Data.Span);
        json.WriteNumber("ParamsCodec", call.Params?.Codec ?? 0);
        json.WriteNumber("GasLimit", call.GasLimit);
        json.WriteBoolean("ReadOnly", call.ReadOnly);
        json.WriteEndObject();
    }

    private static void WriteReturn(Utf8JsonWriter json, ExitCode code, IpldBlock? returned)
    {
        json.WriteStartObject("MsgRct");
        json.WriteNumber("ExitCode", code.Value);
        json.WriteBase64OrNull("Return", returned is null ? default : returned.Data.Span);
        json.WriteNumber("ReturnCodec", returned?.Codec ?? 0);
        json.WriteEndObject();
    }
}
