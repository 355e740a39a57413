using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The keys with which miners had to sign their blocks, and the gas for looking them up.</summary>
internal sealed class WorkerKeys(ChainReader reader, NetworkParameters network, Tipset head, ChainEpoch epoch, Cid state)
{
    // Prices of the machine before the current one, which Lotus still charges here (chain/vm/gas.go).
    private const long FirstPrice = 75_242;
    private const long LaterPrice = 114_617;
    private const long Lookback = 900;

    private readonly long _price = epoch.Value >= network.Calico ? LaterPrice : FirstPrice;

    /// <summary>The gas for blocks read so far.</summary>
    public long GasUsed { get; private set; }

    /// <summary>Whether a block has the signature of its miner's worker, by the state some epochs before it.</summary>
    /// <param name="block">The block.</param>
    /// <param name="finality">The age, in epochs, beyond which blocks are not looked at.</param>
    public bool HasSigned(BlockHeader block, long finality)
    {
        try
        {
            return block.Epoch.Value >= epoch.Value - finality
                && WorkerOf(block.Miner, block.Epoch) is Address worker
                && KeyOf(worker) is Address key
                && BlockSignatures.IsSignedBy(block, key);
        }
        catch (Exception exception) when (exception is FormatException or FatalException)
        {
            // A node without the state, and one with a broken one, answer that there is no fault.
            return false;
        }
    }

    private Address? WorkerOf(in Address miner, ChainEpoch at)
    {
        StateTree tree = reader.OpenState(StateBefore(at));
        if (tree.LookupId(miner) is not ActorId id || tree.GetActor(id) is not ActorState actor) return null;
        if (!ActorNames.Is(tree, actor, "storageminer")) return null;

        // The state, then the information that it links to, whose third field is the worker.
        CborReader minerState = new(Charged(actor.State));
        minerState.ReadArrayHeader();
        CborReader information = new(Charged(minerState.ReadCid()));
        information.ReadArrayHeader();
        information.Skip();
        return ChainCbor.ReadAddress(ref information);
    }

    private Address? KeyOf(in Address worker)
    {
        if (worker.Protocol is AddressProtocol.Bls or AddressProtocol.Secp256k1 or AddressProtocol.Delegated) return worker;

        StateTree tree = reader.OpenState(state);
        if (tree.LookupId(worker) is not ActorId id || tree.GetActor(id) is not ActorState actor) return null;
        if (actor.DelegatedAddress is Address delegated) return delegated;
        if (!ActorNames.Is(tree, actor, "account")) return null;

        CborReader account = new(Charged(actor.State));
        account.ReadArrayHeader(1);
        return ChainCbor.ReadAddress(ref account);
    }

    // The state after the tipset that is as far back as the election of a block of that epoch.
    private Cid StateBefore(ChainEpoch at)
    {
        ChainEpoch lookback = new(Math.Max(0, at.Value - Lookback));
        if (lookback < head.Epoch)
        {
            return reader.AtEpoch(head, new ChainEpoch(lookback.Value + 1), before: false).First.ParentState;
        }

        return head.Epoch.Value == 0
            ? head.First.ParentState
            : throw new ChainException($"the state of epoch {lookback} is not known at epoch {head.Epoch}");
    }

    private byte[] Charged(in Cid cid)
    {
        GasUsed += _price;
        return reader.Get(cid, "a block of the state");
    }
}
