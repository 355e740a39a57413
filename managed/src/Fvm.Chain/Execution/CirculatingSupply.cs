using Fvm.Ipld;

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
        supply += (rules.LaterReserve ? network.LaterReserve : network.FirstReserve) - ActorOf(tree, Reserve).Balance;
        supply += Field(tree, ActorId.Reward, RewardedField);
        supply -= ActorOf(tree, ActorId.BurntFunds).Balance;
        supply -= Field(tree, ActorId.StoragePower, PledgedField);
        if (rules.MarketIsLocked)
        {
            // Collateral of clients, of providers, and storage fees.
            supply -= Field(tree, ActorId.StorageMarket, MarketLockedField, count: 3);
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

    private static TokenAmount Field(StateTree tree, ActorId id, int index, int count = 1)
    {
        Cid state = ActorOf(tree, id).State;
        byte[] block = tree.Store.Get(state) ?? throw new ChainException($"the state of f0{id} is missing: {state}");
        try
        {
            CborReader reader = new(block);
            reader.ReadArrayHeader();
            for (int field = 0; field < index; field++)
            {
                reader.Skip();
            }

            TokenAmount sum = TokenAmount.Zero;
            for (int field = 0; field < count; field++)
            {
                sum += ChainCbor.ReadAmount(ref reader);
            }

            return sum;
        }
        catch (CborException exception)
        {
            throw new ChainException($"the state {state} of f0{id} is not what its circulating supply is read from: {exception.Message}", exception);
        }
    }

    private static ActorState ActorOf(StateTree tree, ActorId id) =>
        tree.GetActor(id) ?? throw new ChainException($"there is no actor f0{id} in the state");
}
