using System.Diagnostics;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>The table of a store in memory beside a dictionary with a list of its keys.</summary>
public sealed class MemoryBlockstoreTests
{
    [Test]
    public void It_is_a_dictionary_that_keeps_the_order_of_its_keys([Range(0, 9)] int seed)
    {
        Random random = new(seed);
        MemoryBlockstore store = new(threadSafe: seed % 2 == 1);
        Dictionary<Cid, byte[]> blocks = [];
        List<Cid> order = [];
        int kinds = 1 << (seed + 3);
        for (int step = 0; step < 4 * kinds; step++)
        {
            Cid cid = Any(random.Next(kinds));
            byte[] block = [(byte)step];
            Assert.That(store.Get(in cid), Is.SameAs(blocks.GetValueOrDefault(cid)));
            Assert.That(store.Has(in cid), Is.EqualTo(blocks.ContainsKey(cid)));
            if (blocks.TryAdd(cid, block))
            {
                order.Add(cid);
            }

            blocks[cid] = block;
            if (step % 2 == 0)
            {
                store.Put(in cid, block);
            }
            else
            {
                store.PutMany([KeyValuePair.Create(cid, block)]);
            }

            Assert.That(store.Count, Is.EqualTo(blocks.Count));
            if ((step & (step - 1)) == 0 || step == (4 * kinds) - 1)
            {
                KeyValuePair<Cid, byte[]>[] all = store.Snapshot();
                Assert.That(all.Select(static entry => entry.Key), Is.EqualTo(order));
                Assert.That(all.All(entry => ReferenceEquals(entry.Value, blocks[entry.Key])), Is.True);
            }
        }
    }

    [Test]
    public void An_empty_one_has_nothing()
    {
        MemoryBlockstore store = new();
        Cid cid = Any(1);
        store.PrefetchPlace(in cid);
        Assert.That((store.Get(in cid), store.Has(in cid), store.Count, store.Glance(in cid, out _)), Is.EqualTo(((byte[]?)null, false, 0, (byte[]?)null)));
        Assert.That(store.Snapshot(), Is.Empty);
    }

    [Test]
    public void Digests_that_differ_in_little_do_not_make_it_slow()
    {
        MemoryBlockstore store = new();
        byte[] digest = new byte[32];
        byte[] block = [1];
        const int Count = 200_000;
        Stopwatch watch = Stopwatch.StartNew();
        for (int number = 0; number < Count; number++)
        {
            BitConverter.TryWriteBytes(digest.AsSpan(8 * (number % 4)), number);
            Cid cid = Cid.CreateV1((ulong)(number % 100), number % 3 == 0 ? MultihashCode.Identity : MultihashCode.Blake2b256, digest);
            store.Put(in cid, block);
            Assert.That(store.Has(in cid));
        }

        Assert.That(store.Count, Is.EqualTo(Count));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), "a fifth of a second; minutes if the hash were weak");
    }

    [Test]
    public void A_glance_finds_most_blocks_and_hardly_any_others()
    {
        MemoryBlockstore store = new();
        for (int number = 0; number < 1_000; number++)
        {
            store.Put(Any(number), BitConverter.GetBytes(number));
        }

        int found = 0;
        for (int number = 0; number < 2_000; number++)
        {
            Cid cid = Any(number);
            store.PrefetchPlace(in cid);
            byte[]? block = store.Glance(in cid, out CachedBlock? shared);
            Assert.That(shared, Is.Null);
            Assert.That(block is null || block == store.Get(in cid), Is.True);
            found += block is null ? 0 : 1;
        }

        // The first place where the search looks, of a table that is at most three quarters full.
        Assert.That(found, Is.InRange(400, 1_000));
    }

    // CIDs of all kinds: some differ in the codec, the hash function or the last bytes only, and some digests are long or empty.
    private static Cid Any(int number)
    {
        byte[] digest = new byte[(number % 5) switch { 0 => 32, 1 => 32, 2 => 32, 3 => 4, _ => 48 }];
        BitConverter.TryWriteBytes(digest.AsSpan(digest.Length - 4), number / 10);
        ulong hash = (number % 5) switch { 0 => MultihashCode.Blake2b256, 1 => MultihashCode.Blake2b256, 2 => MultihashCode.Sha2_256, _ => MultihashCode.Identity };
        return Cid.CreateV1(number % 5 == 1 ? Multicodec.Raw : Multicodec.DagCbor, hash, [.. digest, .. (number % 10 < 5 || digest.Length != 4 ? Array.Empty<byte>() : [1])]);
    }
}
