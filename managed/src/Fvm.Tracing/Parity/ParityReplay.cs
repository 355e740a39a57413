using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>The answer to trace_replayTransaction and trace_call, and an item of that to trace_replayBlockTransactions.</summary>
/// <param name="WithTrace">Whether with the calls.</param>
/// <param name="WithStateDiff">Whether with what changed in the state.</param>
public sealed record ParityReplay(bool WithTrace, bool WithStateDiff)
{
    /// <summary>Reads the names of what is wanted: <c>trace</c> and <c>stateDiff</c>.</summary>
    /// <exception cref="FormatException">Another is wanted.</exception>
    public static ParityReplay Parse(IEnumerable<string> names)
    {
        ParityReplay wanted = new(WithTrace: false, WithStateDiff: false);
        foreach (string name in names)
        {
            wanted = name switch
            {
                "trace" => wanted with { WithTrace = true },
                "stateDiff" => wanted with { WithStateDiff = true },
                _ => throw new FormatException($"trace types: there are trace and stateDiff, not {PrintableText.Of(name)}"),
            };
        }

        return wanted;
    }

    /// <summary>Writes the answer.</summary>
    /// <param name="json">The writer, where a value is expected.</param>
    /// <param name="transaction">The transaction, or the call.</param>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public void Write(Utf8JsonWriter json, TracedTransaction transaction)
    {
        json.WriteStartObject();
        json.WriteString("output", EthHex.Of(transaction.Outermost is EthFrame outermost ? outermost.Output.Span : default));
        json.WritePropertyName("stateDiff");
        if (WithStateDiff)
        {
            ParityStateDiff.Write(json, transaction.Changes());
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("trace");
        ParityTraces.Write(json, WithTrace ? ParityTraces.Of(transaction.Outermost) : []);
        if (transaction.Place is TracePlace place)
        {
            json.WriteString("transactionHash", place.TransactionHash);
        }

        json.WriteNull("vmTrace");
        json.WriteEndObject();
    }
}
