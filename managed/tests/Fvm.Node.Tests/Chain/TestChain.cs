using Fvm.Crypto;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Node.Tests;

/// <summary>A chain with the usual accounts, and transactions of the first of them.</summary>
internal sealed class TestChain : IAsyncDisposable
{
    public const ulong Plenty = 100_000_000;

    private static readonly KeyDerivation Keys = new("test test test test test test test test test test test junk");
    private readonly CarStore _bundle;

    private TestChain(CarStore bundle, LocalChain chain)
    {
        _bundle = bundle;
        Chain = chain;
    }

    public static IReadOnlyList<EthKey> Accounts { get; } =
        [.. Enumerable.Range(0, 4).Select(static index => Keys.Derive($"{KeyDerivation.EthereumPath}{index}"))];

    /// <summary>Native accounts: one of secp256k1, one of BLS.</summary>
    public static IReadOnlyList<AccountKey> Natives { get; } =
    [
        AccountKey.OfSecp256k1(Keys.Derive($"{KeyDerivation.FilecoinPath}0")),
        AccountKey.OfBls(BlsSecretKey.Create(Keys.Derive($"{KeyDerivation.BlsPath}0").ToBytes())),
    ];

    public static EthAddress First => Accounts[0].EthAddress;

    public LocalChain Chain { get; }

    /// <summary>A chain; the test is ignored without the bundle.</summary>
    public static TestChain Create(uint version = 28, uint actors = 18, Func<LocalChainOptions, LocalChainOptions>? change = null)
    {
        CarStore bundle = CarBlocks.Open(Repository.Shared("bundles", $"builtin-actors-v{actors}-mainnet.car.gz"));
        LocalChainOptions options = new()
        {
            Bundle = bundle,
            BundleRoot = bundle.Roots[0],
            Version = (NetworkVersion)version,
            GenesisTime = 1_700_000_000,
            Accounts =
            [
                .. Accounts.Select(static key => key.EthAddress.ToFilecoin()).Concat(Natives.Select(static key => key.Address))
                    .Select(static address => new GenesisAccount(address, TokenAmount.FromWhole(10_000))),
            ],
        };
        return new TestChain(bundle, LocalChain.Create(change is null ? options : change(options)));
    }

    /// <summary>A signed transaction of an account.</summary>
    public EthTransaction Sign(
        EthAddress? to, byte[] input, long value = 0, ulong? nonce = null, int account = 0, ulong gas = Plenty, ulong premium = 100_000) =>
        new EthTransaction
        {
            Kind = EthTransactionKind.DynamicFee,
            ChainId = Chain.ChainId,
            Nonce = nonce ?? Chain.PendingNonceOf(Accounts[account].EthAddress),
            To = to,
            Value = TokenAmount.FromAtto(value),
            Input = input,
            GasLimit = gas,
            MaxFeePerGas = TokenAmount.FromAtto(1_000_000_000L),
            MaxPriorityFeePerGas = TokenAmount.FromAtto(premium),
        }.Sign(Accounts[account]);

    /// <summary>Sends a transaction, which is mined at once.</summary>
    public async Task<LocalMessage> SendAsync(EthTransaction transaction)
    {
        EthHash hash = await Chain.SendAsync(transaction);
        return Chain.FindMessage(hash)!.Value.Message;
    }

    /// <summary>Creates the register.</summary>
    public async Task<EthAddress> DeployAsync() =>
        (await SendAsync(Sign(to: null, Contracts.Creating(Contracts.Register)))).Created!.Value;

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        _bundle.Dispose();
    }
}
