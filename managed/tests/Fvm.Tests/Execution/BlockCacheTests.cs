using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class BlockCacheTests
{
    private static readonly NetworkRules Rules = NetworkTable.Find(NetworkVersion.Nv28)!;

    [Test]
    public void The_least_recently_used_blocks_are_dropped()
    {
        BlockCache cache = new(20_000);
        cache.Add(CidOf(0), BlockOf(1_000));
        for (int i = 1; i < 100; i++)
        {
            cache.Add(CidOf(i), BlockOf(1_000));
            Assert.That(cache.TryGet(CidOf(0), out _), Is.True, $"block 0 was used before block {i} came");
            Assert.That(cache.TryGet(CidOf(i), out _), Is.True);
        }

        int kept = Enumerable.Range(0, 100).Count(i => cache.TryGet(CidOf(i), out _));
        Assert.That(kept, Is.InRange(5, 20_000 / 1_000));
        Assert.That(cache.TryGet(CidOf(50), out _), Is.False);
    }

    [Test]
    public void A_block_larger_than_half_of_the_bound_is_not_kept()
    {
        BlockCache cache = new(20_000);
        cache.Add(CidOf(1), BlockOf(9_000));
        cache.Add(CidOf(2), BlockOf(10_000));
        Assert.That((cache.TryGet(CidOf(1), out _), cache.TryGet(CidOf(2), out _)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_cleared_cache_has_no_blocks()
    {
        BlockCache cache = new();
        cache.Add(CidOf(1), BlockOf(1));
        cache.Clear();
        Assert.That(cache.TryGet(CidOf(1), out _), Is.False);
    }

    [Test]
    public void A_returned_registry_is_empty_and_its_links_are_reached_anew()
    {
        BlockCache cache = new();
        Block linking = new(Multicodec.DagCbor, new byte[] { 1 }, [CidOf(1)]);
        BlockRegistry first = cache.Rent(Rules);
        Assert.That(first.PutReachable(linking, out BlockId id).IsOk && first.IsReachable(CidOf(1)));
        cache.Return(first);

        BlockRegistry second = cache.Rent(Rules);
        Assert.That(second, Is.SameAs(first));
        Assert.That((second.TryGet(id, out _), second.IsReachable(CidOf(1))), Is.EqualTo((false, false)));
        Assert.That(second.PutReachable(linking, out BlockId again).IsOk && again == id && second.IsReachable(CidOf(1)));
    }

    [Test]
    public void A_block_open_in_two_invocations_at_once_is_reached_in_both()
    {
        BlockCache cache = new();
        Block linking = new(Multicodec.DagCbor, new byte[] { 1 }, [CidOf(1)]);
        BlockRegistry outer = cache.Rent(Rules);
        BlockRegistry inner = cache.Rent(Rules);
        foreach (BlockRegistry registry in (BlockRegistry[])[outer, inner, outer, inner])
        {
            Assert.That(registry.PutReachable(linking, out _).IsOk);
            Assert.That(registry.IsReachable(CidOf(1)));
        }
    }

    private static Cid CidOf(int number) => Cid.Blake2b256(Multicodec.Raw, BitConverter.GetBytes(number));

    private static Block BlockOf(int length) => new(Multicodec.Raw, new byte[length]);
}
