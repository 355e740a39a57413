using Fvm.Ipld;

namespace Fvm;

/// <summary>What a node says about the network.</summary>
public sealed record NetworkConfig
{
    /// <summary>The network version at the epoch.</summary>
    public required NetworkVersion NetworkVersion { get; init; }

    /// <summary>The EIP-155 chain ID: 314 on mainnet.</summary>
    public ulong ChainId { get; init; }

    /// <summary>Whether actors may log. It changes what actors see and so their gas: not for consensus.</summary>
    public bool ActorDebugging { get; init; }

    /// <summary>Code to run in place of other code, by CID; for debugging.</summary>
    public IReadOnlyDictionary<Cid, Cid> ActorRedirects { get; init; } = new Dictionary<Cid, Cid>();

    /// <summary>A manifest to use instead of the one that the system actor names; for tests.</summary>
    public Cid? BuiltinActorsOverride { get; init; }
}
