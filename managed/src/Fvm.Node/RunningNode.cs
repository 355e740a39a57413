using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Node;

/// <summary>A chain and the server in front of it.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly IReadOnlyList<BundleFile> _bundles;
    private readonly UpstreamChain? _upstream;
    private readonly RpcServer _server;
    private readonly string? _dump;

    private RunningNode(IReadOnlyList<BundleFile> bundles, UpstreamChain? upstream, LocalChain chain, RpcServer server, string? dump)
    {
        _bundles = bundles;
        _upstream = upstream;
        _dump = dump;
        Chain = chain;
        _server = server;
    }

    /// <summary>The chain.</summary>
    public LocalChain Chain { get; }

    /// <summary>The port that is listened on.</summary>
    public int Port => _server.Port;

    /// <summary>Makes the chain and serves it.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="code">The machine code cache; null for none.</param>
    /// <param name="report">Takes unforeseen failures of methods.</param>
    /// <param name="note">Takes what the operator should know.</param>
    /// <exception cref="InputException">The bundle is unusable.</exception>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public static async Task<RunningNode> StartAsync(
        NodeOptions options, CodeCache? code, Action<string, Exception>? report = null, Action<string>? note = null)
    {
        RpcLimits limits = new();
        TaskCompletionSource<RpcDispatcher> dispatcher = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // The server takes as long to start as the chain.
        RpcServerOptions place = new() { Listen = options.Listen, SocketPath = options.IpcPath };
        Task<RpcServer> server = Task.Run(() => RpcServer.StartAsync(place, limits, dispatcher.Task));
        List<BundleFile> bundles = [];
        UpstreamChain? upstream = null;
        LocalChain? chain = null;
        try
        {
            BundleFile? bundle = options.Bundle is string file ? Open(file) : null;
            SortedList<NetworkVersion, BundleFile> upgrades = [];
            foreach ((NetworkVersion version, string later) in options.UpgradeBundles)
            {
                upgrades[version] = Open(later);
            }

            upstream = options.Fork is ForkOptions fork ? OpenUpstream(fork) : null;
            chain = Create(options, new LocalChainOptions
            {
                Bundle = bundle is null
                    ? new MemoryBlockstore(threadSafe: true)
                    : new LayeredBlockstore(bundle.Blocks, [.. upgrades.Values.Select(static each => each.Blocks)]),
                BundleRoot = bundle?.Roots[0] ?? default,
                Upgrades = options.Upgrades,
                UpgradeBundles = upgrades.ToDictionary(static each => each.Key, static each => each.Value.Roots[0]),
                Upstream = upstream,
                Version = options.Version,
                ChainId = options.ChainId,
                Accounts = options.Accounts,
                BaseFee = options.BaseFee,
                DataFolder = options.DataFolder,
                KeepStates = options.KeepStates,
                Code = code,
            });
            if (options.LoadState is string copy)
            {
                await LoadAsync(chain, copy);
            }

            await chain.SetMiningAsync(options.Mining, options.BlockTime);
            LenientGas? lenient = options.LenientGas ? new LenientGas(chain, note ?? (static _ => { })) : null;
            RpcRegistry registry = NodeMethods.Of(chain, options.EthereumKeys, options.FilecoinKeys, lenient);
            dispatcher.SetResult(new RpcDispatcher(registry, limits, report));
            return new RunningNode(bundles, upstream, chain, await server, options.DumpState);
        }
        catch
        {
            await StopAsync(server, dispatcher);
            if (chain is not null)
            {
                await chain.DisposeAsync();
            }

            upstream?.Dispose();
            DisposeAll(bundles);
            throw;
        }

        BundleFile Open(string path)
        {
            BundleFile bundle = BundleFile.Open(path, code, path);
            bundles.Add(bundle);
            return bundle;
        }
    }

    /// <summary>Ends the server, writes the copy that is wanted, and ends the chain.</summary>
    /// <exception cref="FileException">The copy cannot be written.</exception>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        try
        {
            if (_dump is not null)
            {
                AtomicFile.Write(_dump, stream => Chain.WriteCopyAsync(stream).GetAwaiter().GetResult());
            }
        }
        finally
        {
            await Chain.DisposeAsync();
            _upstream?.Dispose();
            DisposeAll(_bundles);
        }
    }

    private static LocalChain Create(NodeOptions options, LocalChainOptions chain)
    {
        try
        {
            return LocalChain.Create(chain);
        }
        catch (InputException exception) when (options.Bundle is not null)
        {
            throw new InputException($"{options.Bundle}: {exception.Message}", exception);
        }
    }

    // Of a start that failed, whose failure is what is reported. Requests that wait for the chain end.
    private static async Task StopAsync(Task<RpcServer> starting, TaskCompletionSource<RpcDispatcher> dispatcher)
    {
        _ = dispatcher.TrySetCanceled();
        await Task.WhenAny(starting);
        if (starting.IsCompletedSuccessfully)
        {
            await starting.Result.DisposeAsync();
        }
    }

    private static void DisposeAll(IEnumerable<BundleFile> bundles)
    {
        foreach (BundleFile bundle in bundles)
        {
            bundle.Dispose();
        }
    }

    private static UpstreamChain OpenUpstream(ForkOptions options)
    {
        try
        {
            return UpstreamChain.Open(options);
        }
        catch (Exception exception) when (exception is BlockstoreException or FormatException or FatalException)
        {
            throw new UsageException($"--fork-url: {exception.Message}");
        }
    }

    private static async Task LoadAsync(LocalChain chain, string path)
    {
        try
        {
            await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            await chain.LoadCopyAsync(stream);
        }
        catch (Exception exception) when (exception is RefusedException || FileException.IsAboutFiles(exception))
        {
            throw new FileException(path, exception is RefusedException ? exception.Message : FileException.CauseOf(exception), exception);
        }
    }
}
