namespace Fvm.Chain;

/// <summary>The circulating supply as machines are told it (Lotus: <c>chain/stmgr/supply.go</c>).</summary>
internal static class CirculatingSupply
{
    private static readonly ActorId Reserve = new(90);

    // Positions of fields in the states of the actors since version 8.
    private const int RewardedField = 8;
    private const int PledgedField = 4;
    private const int MarketLockedField = 8;

    /// <summary>The supply at an epoch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="tree">The state before the epoch's messages.</param>
    /// <exception cref="ChainException">The state is incomplete.</exception>
    public static TokenAmount At(NetworkParameters network, ChainEpoch epoch, StateTree tree)
    {
        ChainRules rules = network.RulesAt(epoch);
        TokenAmount supply = Vested(network, epoch);
        supply += (rules.LaterReserve ? network.LaterReserve : network.FirstReserve) - ActorFields.ActorOf(tree, Reserve).Balance;
        supply += ActorFields.Sum(tree, ActorId.Reward, RewardedField);
        supply -= ActorFields.ActorOf(tree, ActorId.BurntFunds).Balance;
        supply -= ActorFields.Sum(tree, ActorId.StoragePower, PledgedField);
        if (rules.MarketIsLocked)
        {
            // Collateral of clients, of providers, and storage fees.
            supply -= ActorFields.Sum(tree, ActorId.StorageMarket, MarketLockedField, count: 3);
        }

        return supply.IsNegative ? TokenAmount.Zero : supply;
    }

    private static TokenAmount Vested(NetworkParameters network, ChainEpoch epoch)
    {
        (Vesting[] table, long start) = epoch.Value <= network.Ignition
            ? (VestingTable.BeforeIgnition, 0)
            : (epoch.Value <= network.Calico ? VestingTable.BeforeCalico : VestingTable.Latest, network.Liftoff);
        TokenAmount sum = TokenAmount.Zero;
        foreach (Vesting part in table)
        {
            sum += part.VestedAfter(epoch.Value - start);
        }

        return sum;
    }
}
