using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>What distinguishes a network from others.</summary>
public sealed record NetworkParameters
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The CID of the genesis block; null if it differs from network to network.</summary>
    public Cid? Genesis { get; init; }

    /// <summary>The chain ID of Ethereum tools.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Seconds per epoch.</summary>
    public required ulong BlockDelay { get; init; }

    /// <summary>The network versions by epoch.</summary>
    public required UpgradeSchedule Upgrades { get; init; }

    /// <summary>The reserve's money at genesis, as the circulating supply counts it before network version 25.</summary>
    public TokenAmount FirstReserve { get; init; } = DefaultReserve;

    /// <summary>The same since network version 25 (FIP-0100).</summary>
    public TokenAmount LaterReserve { get; init; } = DefaultReserve;

    /// <summary>Whether actors may log.</summary>
    public bool ActorDebugging { get; init; }

    /// <summary>The random beacons, by the first epoch of each.</summary>
    internal (long From, BeaconNetwork Beacon)[] Beacons { get; init; } = [];

    /// <summary>The time of the genesis, in seconds since 1970, where it does not follow from a tipset's time; null where it does.</summary>
    internal ulong? GenesisTime { get; init; }

    /// <summary>The last epoch whose base fee takes blocks for full at four fifths of their gas limit.</summary>
    internal long Smoke { get; init; }

    /// <summary>The last epoch of the first vesting schedule.</summary>
    internal long Ignition { get; init; }

    /// <summary>The epoch at which the vesting begins since Ignition.</summary>
    internal long Liftoff { get; init; }

    /// <summary>The last epoch of the second vesting schedule, and the first with the prices that externs charge for blocks.</summary>
    internal long Calico { get; init; }

    /// <summary>From here on the senders of a tipset's messages are compared by actor, not by address.</summary>
    internal long Hyperdrive { get; init; }

    /// <summary>An epoch around which consensus faults are not reported; negative for none.</summary>
    internal long WatermelonFix { get; init; } = -1;

    /// <summary>The first epoch whose base fee follows from premiums, not from utilization.</summary>
    internal long FireHorse { get; init; }

    private static TokenAmount DefaultReserve => TokenAmount.FromWhole(300_000_000);

    /// <summary>The rules of an epoch.</summary>
    internal ChainRules RulesAt(ChainEpoch epoch) => ChainRules.Of(Upgrades.VersionAt(epoch));

    /// <summary>The beacon's round for an epoch.</summary>
    internal ulong RoundOf(ChainEpoch epoch, ulong genesisTime)
    {
        BeaconNetwork beacon = Beacons[0].Beacon;
        foreach ((long from, BeaconNetwork next) in Beacons)
        {
            beacon = from <= epoch.Value ? next : beacon;
        }

        return beacon.RoundOf(epoch, genesisTime, BlockDelay, RulesAt(epoch).RoundsFromOne);
    }
}
