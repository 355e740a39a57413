using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Node;

/// <summary>What a local chain begins with.</summary>
internal sealed record LocalChainOptions
{
    /// <summary>The chain ID of Lotus's devnets, which Filecoin's SDKs know.</summary>
    public const ulong DefaultChainId = 31_415_926;

    /// <summary>The least base fee of the protocol, in attoFIL.</summary>
    public const long MinBaseFee = 100;

    /// <summary>The blocks of a bundle of builtin actors.</summary>
    public required IBlockstore Bundle { get; init; }

    /// <summary>The bundle's root.</summary>
    public required Cid BundleRoot { get; init; }

    /// <summary>The network version, 18 or later.</summary>
    public required NetworkVersion Version { get; init; }

    /// <summary>The later network versions, and from when on; null for none.</summary>
    public UpgradeSchedule? Upgrades { get; init; }

    /// <summary>The manifests of the bundles, which are in <see cref="Bundle"/>, too, of the network versions with new actors.</summary>
    public IReadOnlyDictionary<NetworkVersion, Cid> UpgradeBundles { get; init; } = new Dictionary<NetworkVersion, Cid>();

    /// <summary>The chain ID.</summary>
    public ulong ChainId { get; init; } = DefaultChainId;

    /// <summary>The network's name.</summary>
    public string NetworkName { get; init; } = "devnet";

    /// <summary>The accounts of the genesis.</summary>
    public IReadOnlyList<GenesisAccount> Accounts { get; init; } = [];

    /// <summary>The base fee of the first block.</summary>
    public TokenAmount BaseFee { get; init; } = TokenAmount.FromAtto(MinBaseFee);

    /// <summary>The time of the genesis, in seconds since 1970; null for now.</summary>
    public ulong? GenesisTime { get; init; }

    /// <summary>The seconds that a null round takes.</summary>
    public ulong EpochSeconds { get; init; } = 30;

    /// <summary>The machine code cache; null for none.</summary>
    public CodeCache? Code { get; init; }

    /// <summary>Calls at a time.</summary>
    public int CallLanes { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>The number of blocks whose states are kept; beyond the distance of final blocks, so that those have theirs.</summary>
    public int KeepStates { get; init; } = 1_000;

    /// <summary>The most memory of blocks that are too old to be kept as they are, in bytes.</summary>
    public long HistoryBytes { get; init; } = 256L << 20;

    /// <summary>The bytes of states from which on old ones are looked for, to be dropped.</summary>
    public long StateBytes { get; init; } = 64L << 20;

    /// <summary>Where the chain is saved; null for nowhere.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The chain that this one forks off; null for none. It decides on the network.</summary>
    public UpstreamChain? Upstream { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
