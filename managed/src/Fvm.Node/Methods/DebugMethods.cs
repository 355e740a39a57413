using Fvm.Tracing;


namespace Fvm.Node;

/// <summary>The methods <c>debug_trace*</c>: Geth's tracers.</summary>
/// <param name="chain">The chain.</param>
internal sealed class DebugMethods(LocalChain chain)
{
    private readonly BlockLookup _lookup = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        TraceAnswers.Add(registry, "debug_traceTransaction", async call =>
        {
            GethTraceOptions options = OptionsIn(call, 1);
            TracedTransaction transaction = await TraceAnswers.TransactionIn(chain, call.Parameters[0, "hash"].Hash(), options.Tracer is null);
            TraceAnswers.Write(call, json => GethTraces.Write(json, transaction, options));
        });
        TraceAnswers.Add(registry, "debug_traceCall", async call =>
        {
            GethTraceOptions options = OptionsIn(call, 2);
            RpcValue overrides = call.Parameters[2, "options"] is { IsObject: true } given ? given["stateOverrides"] : default;
            TracedTransaction transaction = await TraceAnswers.CallIn(
                chain, _lookup, call, call.Parameters.Block(1), overrides, options.Tracer is null);
            TraceAnswers.Write(call, json => GethTraces.Write(json, transaction, options));
        });
        TraceAnswers.Add(registry, "debug_traceBlockByNumber", TraceBlockAsync);
        TraceAnswers.Add(registry, "debug_traceBlockByHash", TraceBlockAsync);
    }

    private static GethTraceOptions OptionsIn(RpcCall call, int index) => GethTraceOptions.Parse(call.Parameters[index, "options"].Element);

    private async Task TraceBlockAsync(RpcCall call)
    {
        GethTraceOptions options = OptionsIn(call, 1);
        IReadOnlyList<TracedTransaction> all =
            await chain.TraceAsync(TraceAnswers.BlockIn(_lookup, call.Parameters.Block(0)), options.Tracer is null);
        TraceAnswers.Write(call, json =>
        {
            json.WriteStartArray();
            foreach (TracedTransaction transaction in all)
            {
                json.WriteStartObject();
                json.WriteString("txHash", transaction.Place!.TransactionHash);
                json.WritePropertyName("result");
                GethTraces.Write(json, transaction, options);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
