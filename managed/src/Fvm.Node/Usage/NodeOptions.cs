using System.Net;
using Fvm.Chain;
using Fvm.Vectors;

namespace Fvm.Node;

/// <summary>What the command's arguments ask for.</summary>
internal sealed record NodeOptions
{
    /// <summary>The file of the bundle; null for a fork, which has the other node's.</summary>
    public required string? Bundle { get; init; }

    /// <summary>The later network versions; null for none.</summary>
    public UpgradeSchedule? Upgrades { get; init; }

    /// <summary>The files of the bundles of later network versions that have other actors.</summary>
    public IReadOnlyList<(NetworkVersion Version, string File)> UpgradeBundles { get; init; } = [];

    /// <summary>What the chain forks off; null for nothing.</summary>
    public ForkOptions? Fork { get; init; }

    /// <summary>The network version.</summary>
    public required NetworkVersion Version { get; init; }

    /// <summary>Address and port.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The path of the socket for IPC; null for none.</summary>
    public string? IpcPath { get; init; }

    /// <summary>The chain ID.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The mnemonic of the test accounts.</summary>
    public required string Mnemonic { get; init; }

    /// <summary>The keys of the Ethereum accounts.</summary>
    public required IReadOnlyList<EthKey> EthereumKeys { get; init; }

    /// <summary>The keys of the native accounts (f1).</summary>
    public required IReadOnlyList<EthKey> NativeKeys { get; init; }

    /// <summary>The keys of the native accounts (f3).</summary>
    public required IReadOnlyList<AccountKey> BlsKeys { get; init; }

    /// <summary>What each account has.</summary>
    public required TokenAmount Balance { get; init; }

    /// <summary>When blocks are made.</summary>
    public required MiningMode Mining { get; init; }

    /// <summary>The time between blocks.</summary>
    public required TimeSpan BlockTime { get; init; }

    /// <summary>The base fee of the first block.</summary>
    public required TokenAmount BaseFee { get; init; }

    /// <summary>Whether gas limits that are too low are raised.</summary>
    public required bool LenientGas { get; init; }

    /// <summary>Where the chain is saved; null for nowhere.</summary>
    public string? DataFolder { get; init; }

    /// <summary>A copy of a chain to begin with; null for none.</summary>
    public string? LoadState { get; init; }

    /// <summary>Where a copy is written at the end; null for nowhere.</summary>
    public string? DumpState { get; init; }

    /// <summary>The number of blocks whose states are kept.</summary>
    public required int KeepStates { get; init; }

    /// <summary>Whether nothing is printed.</summary>
    public required bool Silent { get; init; }

    /// <summary>Whether JSON is printed.</summary>
    public required bool Json { get; init; }

    /// <summary>The accounts of the genesis.</summary>
    public IReadOnlyList<GenesisAccount> Accounts =>
    [
        .. EthereumKeys.Select(key => new GenesisAccount(key.EthAddress.ToFilecoin(), Balance)),
        .. NativeKeys.Select(key => new GenesisAccount(key.Secp256k1Address, Balance)),
        .. BlsKeys.Select(key => new GenesisAccount(key.Address, Balance)),
    ];

    /// <summary>All keys as those of Filecoin: the native accounts first, the owner of the genesis's miner last.</summary>
    public IReadOnlyList<AccountKey> FilecoinKeys =>
    [
        .. NativeKeys.Select(AccountKey.OfSecp256k1),
        .. BlsKeys,
        .. EthereumKeys.Select(AccountKey.OfEthereum),
        AccountKey.OfMiner(),
    ];
}
