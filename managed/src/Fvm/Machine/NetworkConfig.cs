using Fvm.Ipld;

namespace Fvm;

/// <summary>The network settings of a node.</summary>
public sealed record NetworkConfig
{
    /// <summary>The network version at the epoch.</summary>
    public required NetworkVersion NetworkVersion { get; init; }

    /// <summary>The EIP-155 chain ID: 314 on mainnet.</summary>
    public ulong ChainId { get; init; }

    /// <summary>Actor debugging: actors may log. It affects what actors see, hence gas; not for consensus.</summary>
    public bool ActorDebugging { get; init; }

    /// <summary>Code replacements by CID, for debugging.</summary>
    public IReadOnlyDictionary<Cid, Cid> ActorRedirects { get; init; } = new Dictionary<Cid, Cid>();

    /// <summary>A manifest to use instead of the system actor's; for tests.</summary>
    public Cid? BuiltinActorsOverride { get; init; }
}
