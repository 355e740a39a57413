using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>In-memory, layered and cached stores.</summary>
public sealed class BlockstoreTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Memory_gives_back_what_was_put(bool threadSafe)
    {
        MemoryBlockstore store = new(threadSafe);
        store.PutMany([Block(1), Block(2)]);
        Cid third = Block(3).Key;
        store.Put(in third, Block(3).Value);

        Assert.That(store.Count, Is.EqualTo(3));
        Assert.That(store.Snapshot().Select(static block => block.Value[0]), Is.EquivalentTo(new[] { 1, 2, 3 }));
        Assert.That(store.Get(Block(2).Key), Is.EqualTo(new byte[] { 2 }));
        Assert.That((store.Get(Block(4).Key), store.Has(Block(4).Key)), Is.EqualTo(((byte[]?)null, false)));
    }

    [Test]
    public void Thread_safe_memory_stands_many_threads()
    {
        MemoryBlockstore store = new(threadSafe: true);
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, index =>
        {
            byte[] block = BitConverter.GetBytes(index % 1000);
            Cid cid = Cid.Blake2b256(Multicodec.Raw, block);
            store.Put(in cid, block);
            Assert.That(store.Get(in cid), Is.EqualTo(block));
        });

        Assert.That(store.Count, Is.EqualTo(1000));
    }

    [Test]
    public void The_upper_layer_is_written_and_read_first()
    {
        MemoryBlockstore upper = new();
        MemoryBlockstore first = new();
        MemoryBlockstore second = new();
        LayeredBlockstore layers = new(upper, first, second);
        Cid one = Block(1).Key;
        first.Put(in one, [11]);
        second.Put(in one, [12]);
        second.PutMany([Block(2)]);

        Assert.That(layers.Get(in one), Is.EqualTo(new byte[] { 11 }));
        Assert.That(layers.Get(Block(2).Key), Is.EqualTo(new byte[] { 2 }));
        Assert.That((layers.Has(Block(2).Key), layers.Has(Block(3).Key)), Is.EqualTo((true, false)));

        layers.PutMany([Block(3)]);
        layers.Put(in one, [10]);
        Assert.That(layers.Get(in one), Is.EqualTo(new byte[] { 10 }));
        Assert.That((upper.Count, first.Count, second.Count), Is.EqualTo((2, 1, 2)));
    }

    [Test]
    public void A_cache_answers_what_it_has_seen()
    {
        TrackingBlockstore slow = new();
        CachingBlockstore cache = new(slow, 1 << 20);
        slow.PutMany([Block(1), Block(2)]);

        for (int time = 0; time < 3; time++)
        {
            Assert.That(cache.Get(Block(1).Key), Is.EqualTo(new byte[] { 1 }));
            Assert.That(cache.Get(Block(9).Key), Is.Null);
        }

        Assert.That((cache.Hits, cache.Misses, slow.Reads), Is.EqualTo((2L, 4L, 4)));
        cache.PutMany([Block(9)]);
        Assert.That(cache.Get(Block(9).Key), Is.EqualTo(new byte[] { 9 }));
        Assert.That((cache.Hits, slow.Has(Block(9).Key), cache.Has(Block(2).Key)), Is.EqualTo((3L, true, true)));
    }

    [Test]
    public void A_cache_keeps_what_is_used_and_stays_within_its_bound()
    {
        TrackingBlockstore slow = new();
        CachingBlockstore cache = new(slow, 100 * 1024);
        KeyValuePair<Cid, byte[]>[] blocks = Enumerable.Range(0, 1000).Select(static seed => Large(seed, 1000)).ToArray();
        slow.PutMany(blocks);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Assert.That(cache.Get(block.Key), Is.Not.Null);
            Assert.That(cache.Get(blocks[0].Key), Is.Not.Null);
        }

        Assert.That(cache.Hits, Is.EqualTo(1000));
        Assert.That(cache.Misses, Is.EqualTo(1000));
        int readsSoFar = slow.Reads;
        Assert.That(cache.Get(blocks[^1].Key), Is.Not.Null);
        Assert.That(slow.Reads, Is.EqualTo(readsSoFar));
        Assert.That(cache.Get(blocks[500].Key), Is.Not.Null);
        Assert.That(slow.Reads, Is.EqualTo(readsSoFar + 1));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void A_block_larger_than_the_cache_is_not_kept()
    {
        TrackingBlockstore slow = new();
        CachingBlockstore cache = new(slow, 1000);
        KeyValuePair<Cid, byte[]> large = Large(1, 1000);
        slow.PutMany([large]);

        Assert.That(cache.Get(large.Key), Is.EqualTo(large.Value));
        Assert.That(cache.Get(large.Key), Is.EqualTo(large.Value));
        Assert.That((cache.Hits, slow.Reads), Is.EqualTo((0L, 2)));
    }

    private static KeyValuePair<Cid, byte[]> Block(byte value) =>
        KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, [value]), new[] { value });

    private static KeyValuePair<Cid, byte[]> Large(int seed, int length)
    {
        byte[] block = new byte[length];
        new Random(seed).NextBytes(block);
        return KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, block), block);
    }
}
