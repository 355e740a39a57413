using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Geth's callTracer: calls within calls. Gas is that of a call with the calls in it, as Geth has it.</summary>
internal static class CallTrace
{
    public static void Write(Utf8JsonWriter json, TracedTransaction transaction, GethTraceOptions options)
    {
        if (transaction.Outermost is EthFrame outermost)
        {
            Write(json, outermost, transaction, options);
            return;
        }

        json.WriteNullValue();
    }

    // Recurses to the depth of actor calls, which the machine limits.
    private static void Write(Utf8JsonWriter json, EthFrame frame, TracedTransaction transaction, GethTraceOptions options)
    {
        json.WriteStartObject();
        json.WriteString("from", frame.From.ToString());
        json.WriteString("gas", EthHex.Of(frame.Gas));
        json.WriteString("gasUsed", EthHex.Of(frame.TotalGas));
        if (frame.To is EthAddress to)
        {
            json.WriteString("to", to.ToString());
        }

        json.WriteString("input", EthHex.Of(frame.Input.Span));
        WriteOutcome(json, frame, transaction);
        if (!options.OnlyTopCall && frame.Frames.Count > 0)
        {
            json.WriteStartArray("calls");
            foreach (EthFrame inner in frame.Frames)
            {
                Write(json, inner, transaction, options);
            }

            json.WriteEndArray();
        }

        if (options.WithLog)
        {
            WriteLogs(json, frame);
        }

        if (frame.Type != EthCallType.StaticCall)
        {
            json.WriteString("value", EthHex.Of(frame.Value));
        }

        json.WriteString("type", NameOf(frame.Type));
        json.WriteEndObject();
    }

    // Of a failed call only what a revert returned is output.
    private static void WriteOutcome(Utf8JsonWriter json, EthFrame frame, TracedTransaction transaction)
    {
        ReadOnlyMemory<byte> output = frame.Output;
        if (frame.IsCreation && frame.To is EthAddress created && transaction.After.CodeOf(created) is { IsEmpty: false } code)
        {
            output = code;
        }

        if (!output.IsEmpty && (frame.Error is null || frame.IsReverted))
        {
            json.WriteString("output", EthHex.Of(output.Span));
        }

        if (frame.Error is not null)
        {
            json.WriteString("error", frame.IsReverted ? "execution reverted" : frame.Error);
        }

        if (frame.IsReverted && RevertReason.Of(frame.Output.Span) is string reason)
        {
            json.WriteString("revertReason", reason);
        }
    }

    private static void WriteLogs(Utf8JsonWriter json, EthFrame frame)
    {
        EthLog[] logs = [.. frame.Inner.Events.Select(static emitted => EthLog.Of(emitted)).OfType<EthLog>()];
        if (logs.Length == 0)
        {
            return;
        }

        json.WriteStartArray("logs");
        EthAddress emitter = EthAddress.Of(frame.Inner.Invoked!.Id, frame.Inner.Invoked.State);
        foreach (EthLog log in logs)
        {
            json.WriteStartObject();
            json.WriteString("address", emitter.ToString());
            json.WriteStartArray("topics");
            foreach (EthWord topic in log.Topics)
            {
                json.WriteStringValue(topic.ToString());
            }

            json.WriteEndArray();
            json.WriteString("data", EthHex.Of(log.Data.Span));
            json.WriteString("position", EthHex.Of((ulong)frame.FramesBefore(log.CallsBefore)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(EthCallType type) => type switch
    {
        EthCallType.StaticCall => "STATICCALL",
        EthCallType.DelegateCall => "DELEGATECALL",
        EthCallType.Create => "CREATE",
        EthCallType.Create2 => "CREATE2",
        _ => "CALL",
    };
}
