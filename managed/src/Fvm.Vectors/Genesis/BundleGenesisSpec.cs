namespace Fvm.Vectors;

/// <summary>What a genesis state made from a bundle contains beyond the builtin actors.</summary>
public sealed record BundleGenesisSpec
{
    /// <summary>The network version: one that the bundle's actors are made for, 18 or later.</summary>
    public required NetworkVersion NetworkVersion { get; init; }

    /// <summary>The network's name, in the init actor's state.</summary>
    public required string NetworkName { get; init; }

    /// <summary>Funded accounts: key addresses (f1, f3) become accounts, Ethereum's (f410) become Ethereum accounts.</summary>
    public required IReadOnlyList<GenesisAccount> Accounts { get; init; }
}
