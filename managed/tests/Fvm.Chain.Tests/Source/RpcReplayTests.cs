using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>A recorded chain, replayed from a node that misbehaves.</summary>
public sealed class RpcReplayTests
{
    [Test]
    public void A_chain_from_a_node_that_drops_and_lies_now_and_then_is_equal()
    {
        (FaultyNode node, LotusChains.Recorded recorded) = Start();
        using FaultyNode served = node;
        node.Fault = (number, request, _) => number % 7 == 3 ? throw new IOException("dropped")
            : Task.FromResult(number % 7 == 5 && request.ValueKind == JsonValueKind.Object
                ? FaultyNode.Response("200 OK", $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},"result":"d3Jvbmc="}""")
                : null);
        TipsetReport[] reports = [.. Replay(node, recorded)];
        Assert.That(reports.Select(static report => report.Status), Has.All.EqualTo(TipsetStatus.Equal));
        Assert.That(reports, Has.Length.GreaterThan(2));
    }

    [Test]
    public void A_node_that_loses_a_state_makes_no_difference_of_it()
    {
        (FaultyNode node, LotusChains.Recorded recorded) = Start();
        using FaultyNode served = node;
        int seen = 0;
        node.Fault = (_, request, _) => Task.FromResult(request.ValueKind == JsonValueKind.Object
            && request.GetProperty("method").GetString() == "Filecoin.ChainReadObj" && Interlocked.Increment(ref seen) > 25
            ? FaultyNode.Response(
                "200 OK", $$$"""{"jsonrpc":"2.0","id":{{{request.GetProperty("id")}}},"error":{"code":1,"message":"ipld: could not find it"}}""")
            : null);
        TipsetReport[] reports = [.. Replay(node, recorded)];
        Assert.That(reports.Select(static report => report.Status), Has.None.EqualTo(TipsetStatus.Different));
        Assert.That(reports.Select(static report => report.Note ?? string.Empty), Has.Some.Contains("not there"));
    }

    private static (FaultyNode Node, LotusChains.Recorded Recorded) Start()
    {
        if (LotusChains.All.Count == 0)
        {
            Repository.Shared("lotus", "chains.tsv");
        }

        LotusChains.Recorded recorded = LotusChains.All.Where(static chain => chain.Tipsets > 4).MinBy(static chain => chain.Tipsets)!;
        return (new FaultyNode(LotusChains.Open(), recorded.Head), recorded);
    }

    private static IEnumerable<TipsetReport> Replay(FaultyNode node, LotusChains.Recorded recorded)
    {
        using RpcChain rpc = new(RpcEndpoint.Parse(node.Url, null), new RpcSettings { FirstPause = TimeSpan.FromMilliseconds(2) });
        ChainReader reader = new(new ChainBlocks(64 << 20, disk: null, rpc.Blocks));
        using EnginePool pool = new(new EnginePoolOptions());
        ChainReplayer replayer = new(new TipsetExecutor(pool, reader, recorded.Network));
        TipsetReport[] reports = [];
        ExecutionThread.Start(
            () => reports = [.. replayer.Plan(reader.Load(rpc.Head()), new ChainEpoch(0), new ChainEpoch(long.MaxValue)).Select(replayer.Check)],
            "replay").Join();
        return reports;
    }
}
