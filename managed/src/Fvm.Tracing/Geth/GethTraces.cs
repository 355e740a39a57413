using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>Geth's forms of traces.</summary>
public static class GethTraces
{
    /// <summary>Writes the answer to debug_traceTransaction.</summary>
    /// <param name="json">The writer, where a value is expected.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="options">The tracer and its options.</param>
    /// <exception cref="OpcodeReplayException">No tracer is named, and the opcodes cannot be shown.</exception>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public static void Write(Utf8JsonWriter json, TracedTransaction transaction, GethTraceOptions options)
    {
        switch (options.Tracer)
        {
            case GethTracer.FlatCallTracer:
                ParityTraces.Write(json, ParityTraces.Of(transaction.Outermost), transaction.Place);
                break;
            case GethTracer.FourByteTracer:
                FourByteTrace.Write(json, transaction.Outermost);
                break;
            case GethTracer.PrestateTracer:
                PrestateTrace.Write(json, transaction.Changes(), options);
                break;
            case GethTracer.NoopTracer:
                json.WriteStartObject();
                json.WriteEndObject();
                break;
            case GethTracer.CallTracer:
                CallTrace.Write(json, transaction, options);
                break;
            default:
                StructLogTrace.Write(json, transaction, options);
                break;
        }
    }
}
