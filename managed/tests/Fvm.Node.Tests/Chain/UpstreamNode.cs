using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node.Tests;

/// <summary>Serves a local chain as nodes of Lotus and Forest serve theirs, as far as forks ask; counts the blocks, and misbehaves on request.</summary>
internal sealed class UpstreamNode : IAsyncDisposable
{
    private const string ReadMethod = "Filecoin.ChainReadObj";

    private readonly RpcServer _server;

    private UpstreamNode(RpcServer server, ConcurrentDictionary<string, int> read, Faults faults)
    {
        _server = server;
        Read = read;
        Faulty = faults;
    }

    /// <summary>How often each block was asked for, by its CID.</summary>
    public ConcurrentDictionary<string, int> Read { get; }

    /// <summary>What it does wrong.</summary>
    public Faults Faulty { get; }

    public RpcEndpoint Endpoint => RpcEndpoint.Parse(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_server.Port}"), token: null);

    /// <summary>Starts one.</summary>
    public static async Task<UpstreamNode> StartAsync(LocalChain chain)
    {
        ConcurrentDictionary<string, int> read = new();
        Faults faults = new();
        RpcRegistry registry = new();
        new EthMethods(chain, new Wallet([])).AddTo(registry);
        registry.AddAsync(ReadMethod, async call =>
        {
            string text = call.Parameters[0, "CID"]["/"].Text();
            _ = read.AddOrUpdate(text, 1, static (_, count) => count + 1);
            if (Interlocked.Decrement(ref faults.Delayed) >= 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), call.Cancellation);
            }

            if (Interlocked.Decrement(ref faults.Failing) >= 0)
            {
                throw new RpcException(RpcErrorCode.Internal, "overloaded");
            }

            byte[] block = faults.IsDead
                ? throw new RpcException(RpcErrorCode.ServerError, "the disk has died")
                : chain.Store.Get(Cid.Parse(text)) ?? throw new RpcException(RpcErrorCode.Lotus, $"ipld: could not find {text}");
            call.Result.WriteBase64StringValue(faults.IsLying ? [.. block, 0] : block);
        });
        RpcRegistry own = new();
        FilecoinMethods.AddAll(own, chain, new AccountKeys([]));
        foreach (string name in own.Names.Where(static name => name != ReadMethod))
        {
            _ = own.TryGet(name, out RpcHandler? handler);
            registry.AddAsync(name, handler!);
        }

        RpcServer server = await RpcServer.StartAsync(
            new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, new RpcDispatcher(registry, new RpcLimits()));
        return new UpstreamNode(server, read, faults);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>What a node does wrong.</summary>
    internal sealed class Faults
    {
        /// <summary>The number of answers that come late.</summary>
        public int Delayed;

        /// <summary>The number of failures, after which it works.</summary>
        public int Failing;

        /// <summary>Whether blocks are not those that were asked for.</summary>
        public volatile bool IsLying;

        /// <summary>Whether it gives no blocks any more.</summary>
        public volatile bool IsDead;
    }
}
