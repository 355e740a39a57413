using Fvm.Ipld;

namespace Fvm.Hosting.Tests;

public sealed class CachedBlockstoreTests
{
    private static readonly byte[] Block = [1, 2, 3];
    private static readonly Cid Key = Cid.Blake2b256(Multicodec.DagCbor, Block);

    [Test]
    public void A_machine_asks_its_host_once_for_a_block()
    {
        FakeStore host = new() { Block = Block };
        (CachedBlockstore store, HostCalls calls) = Over(host, new SharedBlockCache(1 << 20));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(store.Get(in Key), Is.EqualTo(Block));
        }

        Assert.That(host.Calls, Is.EqualTo(1));
        Assert.That(calls.CacheHits, Is.EqualTo(4));
    }

    [Test]
    public void After_enough_machines_no_host_is_asked()
    {
        SharedBlockCache shared = new(1 << 20);
        for (int i = 0; i < SharedBlockCache.AsksToEnter; i++)
        {
            FakeStore host = new() { Block = Block };
            Over(host, shared).Store.Get(in Key);
            Assert.That(host.Calls, Is.EqualTo(1), $"machine {i}");
        }

        FakeStore last = new() { Fails = true };

        Assert.That(Over(last, shared).Store.Get(in Key), Is.EqualTo(Block));
        Assert.That(last.Calls, Is.Zero);
    }

    [Test]
    public void A_block_that_is_missing_may_come_later()
    {
        FakeStore host = new();
        (CachedBlockstore store, _) = Over(host, new SharedBlockCache(1 << 20));
        Assert.That(store.Get(in Key), Is.Null);

        host.Block = Block;

        Assert.That(store.Get(in Key), Is.EqualTo(Block));
    }

    [Test]
    public void A_host_that_fails_empties_the_cache()
    {
        SharedBlockCache shared = new(1 << 20);
        shared.Keep(in Key, Block);
        Cid other = Cid.Blake2b256(Multicodec.DagCbor, [4]);
        (CachedBlockstore store, _) = Over(new FakeStore { Fails = true }, shared);

        Assert.That(() => store.Get(in other), Throws.TypeOf<BlockstoreException>());
        Assert.That(shared.TryGet(in Key, out _), Is.False);
    }

    [Test]
    public void A_machine_asks_again_once_its_host_has_failed([Values] bool atRead)
    {
        FakeStore host = new() { Block = Block };
        (CachedBlockstore store, _) = Over(host, new SharedBlockCache(1 << 20));
        Assert.That(store.Get(in Key), Is.EqualTo(Block));
        host.Fails = true;
        Assert.That(store.Get(in Key), Is.EqualTo(Block), "it was read before");
        Cid other = Cid.Blake2b256(Multicodec.DagCbor, [4]);
        Assert.That(() => atRead ? store.Get(in other) is null : store.Has(in other), Throws.TypeOf<BlockstoreException>());
        Assert.That(() => store.Get(in Key), Throws.TypeOf<BlockstoreException>());
    }

    [Test]
    public void What_is_flushed_is_there_for_the_next_machine()
    {
        SharedBlockCache shared = new(1 << 20);
        (CachedBlockstore store, _) = Over(new FakeStore(), shared);
        store.PutMany([new(Key, Block)]);
        FakeStore next = new() { Fails = true };

        Assert.That(Over(next, shared).Store.Get(in Key), Is.EqualTo(Block));
    }

    [Test]
    public void Without_a_shared_cache_each_machine_asks_its_host_once()
    {
        FakeStore host = new() { Block = Block };
        for (int i = 0; i < 6; i++)
        {
            CachedBlockstore store = Over(host, null).Store;
            store.PutMany([new(Key, Block)]);
            Assert.That((store.Get(in Key), store.Get(in Key)), Is.EqualTo((Block, Block)));
        }

        Assert.That(host.Calls, Is.EqualTo(12), "a put and a get per machine");
    }

    [Test]
    public void What_could_not_be_flushed_is_not()
    {
        SharedBlockCache shared = new(1 << 20);
        (CachedBlockstore store, _) = Over(new FakeStore { Fails = true }, shared);

        Assert.That(() => store.PutMany([new(Key, Block)]), Throws.TypeOf<BlockstoreException>());
        Assert.That(shared.TryGet(in Key, out _), Is.False);
    }

    [Test]
    public void What_a_machine_finds_out_about_a_shared_block_is_there_for_the_next_one()
    {
        SharedBlockCache shared = new(1 << 20);
        shared.Keep(in Key, Block);
        CachedBlockstore first = Over(new FakeStore { Fails = true }, shared).Store;
        Assert.That(first.Get(in Key, out CachedBlock? found), Is.SameAs(Block));
        Known known = new(in Key, found!.Bytes);
        first.Share(known);
        CachedBlockstore next = Over(new FakeStore { Fails = true }, shared).Store;

        Assert.That(next.Get(in Key, out found), Is.SameAs(Block));
        Assert.That(found, Is.SameAs(known));
    }

    [Test]
    public void A_machine_tells_nothing_about_what_its_own_host_has_under_a_CID([Values] bool shares)
    {
        SharedBlockCache? shared = shares ? new(1 << 20) : null;
        byte[] other = [9];
        CachedBlockstore store = Over(new FakeStore { Block = other }, shared).Store;
        Assert.That(store.Get(in Key, out CachedBlock? found), Is.SameAs(other));
        Assert.That(found, Is.Null);
        shared?.Keep(in Key, Block);
        store.Share(new Known(in Key, other));

        Assert.That(store.Get(in Key, out found), Is.SameAs(other), "it was read before");
        Assert.That(found, Is.Null);
        if (shared is not null)
        {
            Assert.That(Over(new FakeStore(), shared).Store.Get(in Key, out found), Is.SameAs(Block));
            Assert.That(found, Is.Not.TypeOf<Known>());
        }
    }

    [Test]
    public void Whether_a_block_is_there_is_always_asked()
    {
        SharedBlockCache shared = new(1 << 20);
        shared.Keep(in Key, Block);

        Assert.That(Over(new FakeStore(), shared).Store.Has(in Key), Is.False);
    }

    [Test]
    public void Asking_the_memory_for_a_block_is_no_read()
    {
        FakeStore host = new() { Fails = true };
        SharedBlockCache shared = new(1 << 20);
        (CachedBlockstore store, HostCalls calls) = Over(host, shared);
        store.PrefetchPlace(in Key);
        Assert.That((store.Glance(in Key, out CachedBlock? none), none), Is.EqualTo(((byte[]?)null, (CachedBlock?)null)));
        shared.Keep(in Key, Block);
        store.PrefetchPlace(in Key);

        Assert.That(store.Glance(in Key, out CachedBlock? found), Is.Null);
        Assert.That(found!.Bytes, Is.SameAs(Block));
        Assert.That((host.Calls, calls.CacheHits, shared.Hits, shared.Misses), Is.EqualTo((0, 0, 0L, 0L)));
    }

    [Test]
    public void A_block_in_the_memory_of_a_host_is_seen_through_the_cache()
    {
        MemoryBlockstore host = new();
        host.Put(in Key, Block);
        HostCalls calls = new();
        CachedBlockstore store = new(new LayeredBlockstore(new MemoryBlockstore(), host), new SharedBlockCache(1 << 20), calls);

        Assert.That(store.Glance(in Key, out CachedBlock? cached), Is.SameAs(Block));
        Assert.That((cached, calls.CacheHits), Is.EqualTo(((CachedBlock?)null, 0)));
    }

    [Test]
    public void Glances_beside_writers_find_whole_blocks()
    {
        SharedBlockCache shared = new(1 << 20);
        (Cid Cid, byte[] Block)[] blocks = [.. Enumerable.Range(0, 2_000).Select(static number => BitConverter.GetBytes(number))
            .Select(static block => (Cid.Blake2b256(Multicodec.Raw, block), block))];
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int at = 0; at < blocks.Length; at++)
            {
                (Cid cid, byte[] block) = blocks[(at * 7) % blocks.Length];
                if (thread % 2 == 0)
                {
                    shared.Keep(in cid, block);
                }
                else
                {
                    shared.PrefetchPlace(in cid);
                    Assert.That(shared.Glance(in cid)?.Bytes.Length ?? 4, Is.EqualTo(4));
                }

                if (thread == 0 && at % 500 == 0)
                {
                    shared.Clear();
                }
            }
        });
    }

    private static (CachedBlockstore Store, HostCalls Calls) Over(FakeStore host, SharedBlockCache? shared)
    {
        HostCalls calls = new();
        return (new CachedBlockstore(host, shared, calls), calls);
    }

    private sealed class Known(in Cid cid, byte[] bytes) : CachedBlock(in cid, bytes);
}
