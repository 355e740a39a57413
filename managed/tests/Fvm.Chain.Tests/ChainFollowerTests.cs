using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>What a follower checks as a recorded chain grows, and after a reorganisation.</summary>
public sealed class ChainFollowerTests
{
    private ChainReader _reader = null!;
    private Tipset[] _chain = null!;

    [OneTimeSetUp]
    public void ReadChain()
    {
        if (LotusChains.All.Count == 0)
        {
            Repository.Shared("lotus", "chains.tsv");
        }

        MemoryBlockstore more = new();
        _reader = new ChainReader(new LayeredBlockstore(more, LotusChains.Open()));
        LotusChains.Recorded recorded = LotusChains.All.Where(static chain => chain.Tipsets is > 12 and < 100).MinBy(static chain => chain.Tipsets)!;
        List<Tipset> tipsets = [_reader.Load(recorded.Head)];
        while (tipsets[^1].Epoch.Value > 0)
        {
            tipsets.Add(_reader.ParentOf(tipsets[^1]));
        }

        tipsets.Reverse();
        _chain = [.. tipsets];
    }

    [Test]
    public void Each_tipset_is_planned_once_as_the_chain_grows()
    {
        ChainFollower follower = new(_reader, confidence: 2);
        List<Tipset> planned = [];
        foreach (Tipset head in _chain)
        {
            foreach (ReplayItem item in follower.Next(head, new ChainEpoch(1)))
            {
                Assert.That(item.Child.Epoch.Value, Is.LessThanOrEqualTo(head.Epoch.Value - 2));
                planned.Add(item.Tipset);
                follower.Done(item);
            }
        }

        Assert.That(planned.Select(static tipset => tipset.Epoch), Is.Ordered.And.Unique);
        Assert.That(planned, Has.Count.EqualTo(_chain.Count(tipset => tipset.Epoch.Value > 0 && _chain[^1].Epoch.Value - 2 >= ChildOf(tipset))));
        Assert.That(follower.Reorganisations, Is.Zero);
    }

    [Test]
    public void Without_a_first_epoch_the_newest_is_planned()
    {
        ChainFollower follower = new(_reader, confidence: 0);
        Assert.That(follower.Next(_chain[8]).Single().Tipset.Cids, Is.EqualTo(_chain[7].Cids));
    }

    [Test]
    public void A_tipset_with_another_child_is_planned_again()
    {
        ChainFollower follower = new(_reader, confidence: 0);
        foreach (ReplayItem item in follower.Next(_chain[8], new ChainEpoch(1)))
        {
            follower.Done(item);
        }

        // Another block of the same epoch: its miner has another ticket.
        BlockHeader header = _chain[8].First;
        Tipset other = Tipset.Create([header with { Timestamp = header.Timestamp + 1 }]);
        ReplayItem again = follower.Next(other, new ChainEpoch(1)).Single();
        Assert.That((again.Tipset.Cids, again.Child), Is.EqualTo((_chain[7].Cids, other)));
        follower.Done(again);
        Assert.That((follower.Reorganisations, follower.Replaced), Is.EqualTo((1, 1)));
        Assert.That(follower.Next(other, new ChainEpoch(1)), Is.Empty);
    }

    private long ChildOf(Tipset tipset) => Array.IndexOf(_chain, tipset) is int index && index + 1 < _chain.Length
        ? _chain[index + 1].Epoch.Value
        : long.MaxValue;
}
