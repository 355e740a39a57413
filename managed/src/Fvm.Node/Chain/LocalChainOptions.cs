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

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
