namespace Fvm.Node;

/// <summary>A block to simulate.</summary>
internal sealed record BlockToSimulate
{
    /// <summary>The number; null for the next.</summary>
    public ulong? Number { get; init; }

    /// <summary>Seconds since 1970; null for a block's time after the one before.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>The most gas of all calls; null for the chain's.</summary>
    public ulong? GasLimit { get; init; }

    /// <summary>The base fee; null for none, or that which follows from the block before if fees are checked.</summary>
    public TokenAmount? BaseFee { get; init; }

    /// <summary>The miner; null for the chain's.</summary>
    public Address? Miner { get; init; }

    /// <summary>Accounts that are changed before the calls.</summary>
    public IReadOnlyList<AccountOverride> Overrides { get; init; } = [];

    /// <summary>The calls.</summary>
    public IReadOnlyList<CallRequest> Calls { get; init; } = [];
}
