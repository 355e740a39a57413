using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Node;

/// <summary>A chain and the server in front of it.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly CarStore _bundle;
    private readonly RpcServer _server;
    private readonly string? _dump;

    private RunningNode(CarStore bundle, LocalChain chain, RpcServer server, string? dump)
    {
        _dump = dump;
        _bundle = bundle;
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
    /// <exception cref="InputException">The bundle is unusable.</exception>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public static async Task<RunningNode> StartAsync(NodeOptions options, CodeCache? code, Action<string, Exception>? report = null)
    {
        CarStore bundle = CarBlocks.Open(options.Bundle);
        LocalChain? chain = null;
        try
        {
            chain = LocalChain.Create(new LocalChainOptions
            {
                Bundle = bundle,
                BundleRoot = bundle.Roots[0],
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
            RpcRegistry registry = new();
            Wallet wallet = new(options.EthereumKeys);
            new EthMethods(chain, wallet).AddTo(registry);
            new WatchMethods(chain).AddTo(registry);
            new PoolMethods(chain).AddTo(registry);
            new SigningMethods(wallet).AddTo(registry);
            new TestMethods(chain).AddTo(registry);
            new TraceMethods(chain).AddTo(registry);
            new DebugMethods(chain).AddTo(registry);
            FilecoinMethods.AddAll(registry, chain, new AccountKeys(options.FilecoinKeys));
            RpcDispatcher dispatcher = new(registry, new RpcLimits(), report);
            RpcServer server = await RpcServer.StartAsync(new RpcServerOptions { Listen = options.Listen }, dispatcher);
            return new RunningNode(bundle, chain, server, options.DumpState);
        }
        catch (Exception exception)
        {
            if (chain is not null)
            {
                await chain.DisposeAsync();
            }

            bundle.Dispose();
            throw exception is InputException ? new InputException($"{options.Bundle}: {exception.Message}", exception) : exception;
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
            _bundle.Dispose();
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
