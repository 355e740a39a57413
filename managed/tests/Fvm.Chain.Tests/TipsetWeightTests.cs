using NUnit.Framework;

namespace Fvm.Chain.Tests;

public sealed class TipsetWeightTests
{
    // Of each list of network versions two of the shorter chains.
    private static IEnumerable<LotusChains.Recorded> Chains() => LotusChains.All.GroupBy(static chain => chain.Upgrades)
        .SelectMany(static group => group.Where(static chain => chain.Tipsets > 2).OrderBy(static chain => chain.Tipsets).Take(2));

    [Test]
    public void Weights_are_those_that_children_have()
    {
        if (LotusChains.All.Count == 0)
        {
            Repository.Shared("lotus", "chains.tsv");
        }

        ChainReader reader = new(LotusChains.Open());
        int compared = 0;
        using EnginePool pool = new(new EnginePoolOptions());
        foreach (LotusChains.Recorded chain in Chains())
        {
            ChainReplayer replayer = new(new TipsetExecutor(pool, reader, chain.Network));
            foreach (ReplayItem item in replayer.Plan(reader.Load(chain.Head), new ChainEpoch(0), new ChainEpoch(long.MaxValue)))
            {
                Tipset tipset = item.Tipset;
                // The state is that behind the parents' messages, before an upgrade. Genesis blocks have a weight of their own.
                uint version = tipset.Epoch.Value == 0 ? 0 : chain.Network.Upgrades.VersionAt(new ChainEpoch(tipset.Epoch.Value - 1));
                if (!Enum.IsDefined((NetworkVersion)version)) continue;

                StateTree tree = StateTree.Load(reader.Store, tipset.First.ParentState, NetworkRules.For(version).StateTree);
                Assert.That(TipsetWeight.Of(tipset, tree), Is.EqualTo(item.Child.First.ParentWeight), $"{chain.Name}, epoch {tipset.Epoch}");
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThan(100));
    }
}
