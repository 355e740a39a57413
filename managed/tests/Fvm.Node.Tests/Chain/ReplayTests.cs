using System.Net;
using Fvm.Chain;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>The chain of a node, replayed over its JSON-RPC as that of a real one.</summary>
internal sealed class ReplayTests
{
    [Test]
    public async Task A_chain_replayed_by_rpc_is_equal()
    {
        await using TestChain test = TestChain.Create();
        EthAddress register = await test.DeployAsync();
        await test.SendAsync(test.Sign(register, Contracts.Word(8)));
        await test.Chain.AdvanceToAsync(7);
        foreach (AccountKey key in TestChain.Natives)
        {
            Message message = new()
            {
                From = key.Address,
                To = Address.NewId(99),
                Value = TokenAmount.FromAtto(5L),
                GasLimit = 10_000_000,
                GasFeeCap = TokenAmount.FromAtto(1_000_000L),
            };
            await test.Chain.SendAsync(message, key.Sign(message, test.Chain.ChainId));
        }

        await test.Chain.MineAsync(2);
        RpcRegistry registry = new();
        FilecoinMethods.AddAll(registry, test.Chain, new AccountKeys([]));
        RpcServerOptions options = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        await using RpcServer server = await RpcServer.StartAsync(options, new RpcDispatcher(registry, new RpcLimits()));
        TipsetReport[] reports = Replay($"http://127.0.0.1:{server.Port}");
        Assert.That(reports.Select(static report => (report.Tipset.Epoch.Value, report.Status)), Is.EqualTo(
            new long[] { 1, 2, 7, 8, 9, 10 }.Select(static epoch => (epoch, TipsetStatus.Equal))));
        Assert.That(reports.Sum(static report => report.Messages), Is.GreaterThanOrEqualTo(4));
    }

    private static TipsetReport[] Replay(string url)
    {
        using RpcChain rpc = new(RpcEndpoint.Parse(url, null));
        ChainReader reader = new(new ChainBlocks(64 << 20, disk: null, rpc.Blocks));
        using EnginePool pool = new(new EnginePoolOptions());
        ChainReplayer replayer = new(new TipsetExecutor(pool, reader, NetworkCatalog.OfNode));
        TipsetReport[] reports = [];
        ExecutionThread.Start(
            () => reports = [.. replayer.Plan(reader.Load(rpc.Head()), new ChainEpoch(1), new ChainEpoch(long.MaxValue)).Select(replayer.Check)],
            "replay").Join();
        return reports;
    }
}
