using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <content>Upgrades of the network: new rules, and new code of the builtin actors.</content>
internal sealed partial class LocalChain
{
    // Null rounds end at the last epoch before an upgrade: its block is where the state is migrated.
    private ulong UpTo(ulong epoch)
    {
        foreach (Upgrade upgrade in Network.Upgrades.All)
        {
            if (upgrade.After > (long)Head.Number && (ulong)upgrade.After < epoch)
            {
                return (ulong)upgrade.After;
            }
        }

        return epoch;
    }

    // The state behind a block, as the next one finds it; its new blocks are put into a store.
    private LocalBlock Migrate(LocalBlock block, IBlockstore output)
    {
        uint next = Network.Upgrades.VersionAt(new ChainEpoch((long)block.Number + 1));
        if (next == Network.Upgrades.VersionAt(block.Tipset.Epoch) || !_options.UpgradeBundles.TryGetValue((NetworkVersion)next, out Cid root))
        {
            return block;
        }

        StateView old = OpenState(block.State, new LayeredBlockstore(output, Store));
        byte[] manifest = Store.Get(root) ?? throw new FatalException($"the manifest {root} is missing");
        (_, Cid list) = Manifest.DecodeRoot(manifest);
        Manifest actors = Manifest.Load(Store, list, Manifest.Version);
        List<(ActorId Id, ActorState Actor)> changed = [];
        old.Tree.ForEach((id, actor) =>
        {
            // Actors that users have installed stay as they are.
            if (old.Actors.NameOf(actor.Code) is string name)
            {
                changed.Add((id, actor with
                {
                    Code = LocalGenesis.TryFindCode(actors, name, out Cid code)
                        ? code
                        : throw new FatalException($"the new bundle lacks the actor '{name}'"),
                }));
            }
        });
        foreach ((ActorId id, ActorState actor) in changed)
        {
            old.Tree.SetActor(id, id == ActorId.System ? actor with { State = PutSystemState(list, output) } : actor);
        }

        return block with { State = old.Tree.Flush() };
    }

    private static Cid PutSystemState(in Cid actors, IBlockstore output)
    {
        byte[] state = new SystemActorState(actors).Encode();
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, state);
        output.Put(cid, state);
        return cid;
    }
}
