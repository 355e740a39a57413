using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Asking the memory for nodes before they are looked up (<see cref="Hamt.Prefetch"/>) changes nothing.</summary>
public sealed class HamtPrefetchTests
{
    private const int Keys = 3_000;

    [TestCaseSource(typeof(HamtParameters), nameof(HamtParameters.All))]
    public void A_map_does_the_same_whatever_was_asked_for(HamtOptions options)
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, options);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        for (int seed = 0; seed < 10; seed++)
        {
            string expected = Work(Hamt.Load(new BufferedBlockstore(store), in root, options), seed, prefetches: false);
            Assert.That(Work(Hamt.Load(new BufferedBlockstore(store), in root, options), seed, prefetches: true), Is.EqualTo(expected), $"memory, {seed}");
            Assert.That(Work(Hamt.Load(new BufferedBlockstore(sharing), in root, options), seed, prefetches: true), Is.EqualTo(expected), $"shared, {seed}");
        }

        Assert.That(sharing.Glances, Is.GreaterThan(100));
    }

    [Test]
    public void A_store_that_asks_a_host_is_not_asked()
    {
        MemoryBlockstore memory = new();
        Cid root = Full(memory, HamtOptions.State);
        TrackingBlockstore host = new();
        host.PutMany(memory.Snapshot());
        Hamt map = Hamt.Load(new BufferedBlockstore(new LayeredBlockstore(new MemoryBlockstore(), host)), in root, HamtOptions.State);
        int reads = host.Reads;
        for (int key = 0; key < 100; key++)
        {
            Assert.That(map.Prefetch(Key(key), Key(key + 1)), Is.Null);
        }

        Assert.That(host.Reads, Is.EqualTo(reads));
        Assert.That(map.TryGet(Key(5), out _), Is.True);
        Assert.That(host.Reads, Is.GreaterThan(reads));
    }

    [Test]
    public void The_second_block_is_the_next_one_on_the_way_of_the_second_key()
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, HamtOptions.State);
        Hamt map = Hamt.Load(store, in root, HamtOptions.State);
        int found = 0;
        for (int key = 0; key < 200; key++)
        {
            byte[]? expected = map.Prefetch([], Key(key));
            byte[]? again = map.Prefetch(Key(key + 1), Key(key));
            Assert.That(again, Is.SameAs(expected));
            if (expected is not null)
            {
                found++;
                Assert.That(store.Snapshot().Select(static block => block.Value), Has.Some.SameAs(expected));
                Assert.That(map.TryGet(Key(key), out _), Is.True);
                Assert.That(map.Prefetch([], Key(key)), Is.Not.SameAs(expected), "it has been read");
            }
        }

        Assert.That(found, Is.GreaterThan(10));
    }

    private static string Work(Hamt map, int seed, bool prefetches)
    {
        Random random = new(seed);
        List<string> seen = [];
        for (int step = 0; step < 150; step++)
        {
            int key = random.Next(Keys + 50);
            int next = random.Next(Keys + 50);
            if (prefetches)
            {
                _ = map.Prefetch(step % 3 == 0 ? [] : Key(key), Key(next));
            }

            Find(key);
            Find(next);
            switch (step % 5)
            {
                case 0:
                    map.Set(Key(key), Encode.Number(step));
                    break;
                case 1:
                    seen.Add($"{map.Delete(Key(next))}");
                    break;
                case 2 when random.Next(10) == 0:
                    seen.Add(map.Flush().ToString());
                    break;
                default:
                    break;
            }
        }

        seen.Add(map.Flush().ToString());
        return string.Join(' ', seen);

        void Find(int key) => seen.Add(map.TryGet(Key(key), out ReadOnlyMemory<byte> value) ? Convert.ToHexString(value.Span) : "-");
    }

    private static Cid Full(MemoryBlockstore store, HamtOptions options)
    {
        Hamt map = new(store, options);
        for (int key = 0; key < Keys; key++)
        {
            map.Set(Key(key), Encode.Number(key));
        }

        return map.Flush();
    }

    // Keys of several lengths, some longer than the hashes that are kept.
    private static byte[] Key(int key) => [.. BitConverter.GetBytes(key), .. new byte[key % 23]];
}
