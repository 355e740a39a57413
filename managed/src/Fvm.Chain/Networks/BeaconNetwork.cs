namespace Fvm.Chain;

/// <summary>A random beacon: how its rounds follow from time.</summary>
/// <param name="GenesisTime">The time of its first round, in seconds since 1970; ignored with <paramref name="FixedOffset"/>.</param>
/// <param name="Period">Seconds per round.</param>
/// <param name="FixedOffset">For the stand-in of Lotus's tests: the round is the epoch plus this; null for real beacons.</param>
internal sealed record BeaconNetwork(ulong GenesisTime, ulong Period, long? FixedOffset = null)
{
    public static readonly BeaconNetwork Incentinet = new(1_595_873_820, 30);
    public static readonly BeaconNetwork Mainnet = new(1_595_431_050, 30);
    public static readonly BeaconNetwork Quicknet = new(1_692_803_367, 3);
    public static readonly BeaconNetwork OfTests = new(0, 0, 100);

    /// <summary>The last round that an epoch's blocks can carry (Lotus: <c>MaxBeaconRoundForEpoch</c>).</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="genesisTime">The chain's genesis, in seconds since 1970.</param>
    /// <param name="blockDelay">Seconds per epoch.</param>
    /// <param name="fromOne">Whether the first round is number 1 at the beacon's genesis; it was 0 before network version 16.</param>
    public ulong RoundOf(ChainEpoch epoch, ulong genesisTime, ulong blockDelay, bool fromOne)
    {
        if (FixedOffset is long offset)
        {
            return unchecked((ulong)(epoch.Value + offset));
        }

        ulong time = unchecked(((ulong)epoch.Value * blockDelay) + genesisTime - blockDelay);
        if (!fromOne)
        {
            return unchecked(time - GenesisTime) / Period;
        }

        return time < GenesisTime ? 1 : ((time - GenesisTime) / Period) + 1;
    }
}
