using System.Text;
using System.Text.Json;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Writes the result of one message as JSON: receipt, fees, events, logs, calls with names, and the trace in the vector format.</summary>
internal static class ReceiptJson
{
    public static void Write(Utf8JsonWriter json, ApplyRet ret, ActorNames names)
    {
        Receipt receipt = ret.Receipt;
        json.WriteStartObject("receipt");
        json.WriteNumber("exit_code", receipt.ExitCode.Value);
        json.WriteBase64String("return", receipt.ReturnData.Span);
        json.WriteNumberOrNull("return_codec", ret.ReturnCodec);
        json.WriteNumber("gas_used", receipt.GasUsed);
        json.WriteText("events_root", receipt.EventsRoot?.ToString());
        json.WriteEndObject();
        json.WriteText("failure", ret.Failure);
        json.WriteStartObject("fees");
        json.WriteAmount("base_fee_burn", ret.BaseFeeBurn);
        json.WriteAmount("over_estimation_burn", ret.OverEstimationBurn);
        json.WriteAmount("miner_tip", ret.MinerTip);
        json.WriteAmount("miner_penalty", ret.Penalty);
        json.WriteAmount("refund", ret.Refund);
        json.WriteNumber("gas_refund", ret.GasRefund);
        json.WriteNumber("gas_burned", ret.GasBurned);
        json.WriteEndObject();
        json.WriteObjects("events", ret.Events, static (json, stamped) =>
        {
            json.WriteNumber("emitter", stamped.Emitter.Value);
            json.WriteObjects("entries", stamped.Event.Entries, static (json, entry) =>
            {
                json.WriteNumber("flags", (ulong)entry.Flags);
                json.WriteString("key", Encoding.UTF8.GetString(entry.Key.Span));
                json.WriteNumber("codec", entry.Codec);
                json.WriteBase64String("value", entry.Value.Span);
            });
        });
        json.WriteTexts("logs", ret.Trace.OfType<LogEvent>().Select(static log => log.Text));
        json.WritePropertyName("calls");
        CallTreeJson.Write(json, CallTree.Of(ret, names));
        json.WriteStartArray("trace");
        foreach (string line in TraceText.Lines(ret.Trace))
        {
            // Parsed and rewritten, because a line may hold text that this writer escapes.
            using JsonDocument parsed = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 256 });
            parsed.RootElement.WriteTo(json);
        }

        json.WriteEndArray();
    }
}
