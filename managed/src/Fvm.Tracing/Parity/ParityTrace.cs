using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>A frame in Parity's form.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Place">The indices of its ancestors among their siblings, then its own.</param>
public sealed record ParityTrace(EthFrame Frame, IReadOnlyList<int> Place)
{
    /// <summary>Whether it matches a filter by addresses; an empty list lets everything through. A failed creation has no receiver.</summary>
    public bool Matches(IReadOnlyCollection<EthAddress> from, IReadOnlyCollection<EthAddress> to) =>
        (from.Count == 0 || from.Contains(Frame.From))
        && (to.Count == 0 || (Frame.To is EthAddress receiver && to.Contains(receiver)));

    /// <summary>Writes it.</summary>
    /// <param name="json">The writer, where a value is expected.</param>
    /// <param name="place">Its transaction; null for none.</param>
    public void WriteTo(Utf8JsonWriter json, TracePlace? place)
    {
        json.WriteStartObject();
        json.WriteString("type", Frame.IsCreation ? "create" : "call");
        if (Frame.Error is string error)
        {
            json.WriteString("error", error);
        }

        json.WriteNumber("subtraces", Frame.Frames.Count);
        json.WriteStartArray("traceAddress");
        foreach (int index in Place)
        {
            json.WriteNumberValue(index);
        }

        json.WriteEndArray();
        WriteAction(json);
        WriteResult(json);
        place?.WriteTo(json);
        json.WriteEndObject();
    }

    private void WriteAction(Utf8JsonWriter json)
    {
        json.WriteStartObject("action");
        if (!Frame.IsCreation)
        {
            json.WriteString("callType", CallType);
        }

        json.WriteString("from", Frame.From.ToString());
        if (!Frame.IsCreation)
        {
            json.WriteString("to", Frame.To.ToString());
        }

        json.WriteString("gas", EthHex.Of(Frame.Gas));
        json.WriteString("value", EthHex.Of(Frame.Value));
        json.WriteString(Frame.IsCreation ? "init" : "input", EthHex.Of(Frame.Input.Span));
        json.WriteEndObject();
    }

    private string CallType => Frame.Type switch
    {
        EthCallType.StaticCall => "staticcall",
        EthCallType.DelegateCall => "delegatecall",
        _ => "call",
    };

    private void WriteResult(Utf8JsonWriter json)
    {
        json.WriteStartObject("result");
        if (Frame.IsCreation && Frame.To is EthAddress created)
        {
            json.WriteString("address", created.ToString());
        }

        json.WriteString("gasUsed", EthHex.Of(Frame.OwnGas));
        json.WriteString(Frame.IsCreation ? "code" : "output", EthHex.Of(Frame.Output.Span));
        json.WriteEndObject();
    }
}
