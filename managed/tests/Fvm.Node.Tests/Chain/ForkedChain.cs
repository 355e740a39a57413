using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Node.Tests;

/// <summary>A fork of another node's chain, with its connection.</summary>
internal sealed class ForkedChain : IAsyncDisposable
{
    /// <summary>Limits of requests: few attempts, so that failures are seen soon.</summary>
    public static readonly RpcSettings Settings = new() { Deadline = TimeSpan.FromSeconds(2), Attempts = 2, FirstPause = TimeSpan.Zero };

    private ForkedChain(UpstreamChain upstream, LocalChain chain)
    {
        Upstream = upstream;
        Chain = chain;
    }

    public UpstreamChain Upstream { get; }

    public LocalChain Chain { get; }

    /// <summary>Forks off.</summary>
    /// <param name="options">Where, and from whom.</param>
    /// <param name="accounts">Whom the reserve gives money.</param>
    /// <param name="data">Where the fork is saved; null for nowhere.</param>
    public static ForkedChain Open(ForkOptions options, IReadOnlyList<GenesisAccount> accounts, string? data = null)
    {
        UpstreamChain upstream = UpstreamChain.Open(options);
        try
        {
            return new ForkedChain(upstream, LocalChain.Create(new LocalChainOptions
            {
                Bundle = new MemoryBlockstore(threadSafe: true),
                BundleRoot = default,
                Version = upstream.Version,
                Upstream = upstream,
                DataFolder = data,
                Accounts = accounts,
            }));
        }
        catch
        {
            upstream.Dispose();
            throw;
        }
    }

    /// <summary>Sends a transaction of the first account, which is mined at once.</summary>
    public async Task<LocalMessage> SendAsync(EthAddress to, byte[] input)
    {
        EthTransaction transaction = new EthTransaction
        {
            Kind = EthTransactionKind.DynamicFee,
            ChainId = Chain.ChainId,
            Nonce = Chain.PendingNonceOf(TestChain.First),
            To = to,
            Input = input,
            GasLimit = TestChain.Plenty,
            MaxFeePerGas = TokenAmount.FromAtto(1_000_000_000L),
            MaxPriorityFeePerGas = TokenAmount.FromAtto(100_000L),
        }.Sign(TestChain.Accounts[0]);
        return Chain.FindMessage(await Chain.SendAsync(transaction))!.Value.Message;
    }

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        Upstream.Dispose();
    }
}
