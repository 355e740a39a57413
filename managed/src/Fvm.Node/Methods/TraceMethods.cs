using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The methods <c>trace_*</c>: calls in Parity's form, as Lotus gives them.</summary>
/// <param name="chain">The chain.</param>
internal sealed class TraceMethods(LocalChain chain)
{
    // The limits of Lotus.
    private const ulong MaxRange = 2_880;
    private const int MaxResults = 500;
    private const int MaxAddresses = 1_000;
    private const int MaxTypes = 3;

    private readonly BlockLookup _lookup = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        Add(registry, "trace_block", async call =>
        {
            IEnumerable<TracedTransaction> all = await chain.TraceAsync(TraceAnswers.BlockIn(_lookup, call.Parameters.Block(0)));
            TraceAnswers.Write(call, json => WriteAll(json, all.SelectMany(TracesOf)));
        });
        Add(registry, "trace_transaction", async call =>
        {
            TracedTransaction transaction = await TraceAnswers.TransactionIn(chain, call.Parameters[0, "hash"].Hash());
            TraceAnswers.Write(call, json => WriteAll(json, TracesOf(transaction)));
        });
        Add(registry, "trace_replayTransaction", async call =>
        {
            ParityReplay wanted = TypesIn(call);
            TracedTransaction transaction = await TraceAnswers.TransactionIn(chain, call.Parameters[0, "hash"].Hash());
            TraceAnswers.Write(call, json => wanted.Write(json, transaction));
        });
        Add(registry, "trace_replayBlockTransactions", async call =>
        {
            ParityReplay wanted = TypesIn(call);
            IEnumerable<TracedTransaction> all = await chain.TraceAsync(TraceAnswers.BlockIn(_lookup, call.Parameters.Block(0)));
            TraceAnswers.Write(call, json =>
            {
                json.WriteStartArray();
                foreach (TracedTransaction transaction in all)
                {
                    wanted.Write(json, transaction);
                }

                json.WriteEndArray();
            });
        });
        Add(registry, "trace_call", async call =>
        {
            ParityReplay wanted = TypesIn(call);
            RpcValue overrides = call.Parameters[3, "state overrides"];
            TracedTransaction transaction = await TraceAnswers.CallIn(chain, _lookup, call, call.Parameters.Block(2), overrides);
            TraceAnswers.Write(call, json => wanted.Write(json, transaction));
        });
        Add(registry, "trace_filter", FilterAsync);
    }

    private static void Add(RpcRegistry registry, string name, Func<RpcCall, Task> handler) => TraceAnswers.Add(registry, name, handler);

    private static IEnumerable<(ParityTrace Trace, TracePlace? Place)> TracesOf(TracedTransaction transaction) =>
        ParityTraces.Of(transaction.Outermost).Select(trace => (trace, transaction.Place));

    private static void WriteAll(Utf8JsonWriter json, IEnumerable<(ParityTrace Trace, TracePlace? Place)> traces)
    {
        json.WriteStartArray();
        foreach ((ParityTrace trace, TracePlace? place) in traces)
        {
            trace.WriteTo(json, place);
        }

        json.WriteEndArray();
    }

    private static ParityReplay TypesIn(RpcCall call)
    {
        RpcValue types = call.Parameters[1, "trace types"];
        return ParityReplay.Parse(types.IsMissing ? ["trace"] : types.Items(MaxTypes).Select(static type => type.Text()));
    }

    private async Task FilterAsync(RpcCall call)
    {
        RpcValue filter = call.Parameters[0, "filter"];
        ulong from = NumberOf(filter["fromBlock"]);
        ulong to = Math.Min(NumberOf(filter["toBlock"]), chain.Head.Number);
        ulong after = filter["after"].IsMissing ? 0 : filter["after"].Number();
        ulong count = filter["count"].IsMissing ? ulong.MaxValue : filter["count"].Number();
        EthAddress[] senders = AddressesIn(filter["fromAddress"]);
        EthAddress[] receivers = AddressesIn(filter["toAddress"]);
        if (to > from && to - from > MaxRange)
        {
            throw new RpcException(RpcErrorCode.LimitExceeded, $"the range of {to - from} blocks is larger than {MaxRange}");
        }

        if (count > MaxResults && count != ulong.MaxValue)
        {
            throw new RpcException(RpcErrorCode.LimitExceeded, $"count: {count} results are more than {MaxResults}; use after and count");
        }

        List<(ParityTrace, TracePlace?)> found = [];
        for (ulong number = from; number <= to && (ulong)found.Count < count; number++)
        {
            if (chain.FindBlock(number) is not LocalBlock { Messages.Count: > 0 } block)
            {
                continue;
            }

            call.Cancellation.ThrowIfCancellationRequested();
            foreach ((ParityTrace trace, TracePlace? place) in (await chain.TraceAsync(block)).SelectMany(TracesOf))
            {
                if (!trace.Matches(senders, receivers)) continue;

                if (after > 0)
                {
                    after--;
                    continue;
                }

                if ((ulong)found.Count == count) break;

                if (found.Count == MaxResults)
                {
                    throw new RpcException(RpcErrorCode.LimitExceeded, $"more than {MaxResults} results: use after and count");
                }

                found.Add((trace, place));
            }
        }

        TraceAnswers.Write(call, json => WriteAll(json, found));
    }

    private ulong NumberOf(RpcValue block) => block.IsMissing ? chain.Head.Number : Math.Min(_lookup.NumberOf(block.Block()), chain.Head.Number + 1);

    private static EthAddress[] AddressesIn(RpcValue value) =>
    [
        .. (value.IsArray ? value.Items(MaxAddresses) : value.IsMissing ? [] : [value])
            .Select(static item => item.EthAddress()),
    ];
}
