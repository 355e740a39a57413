using Fvm.Ipld;

namespace Fvm.Hosting.Tests;

public sealed class SharedBlockCacheTests
{
    [Test]
    public void A_block_enters_when_enough_machines_have_asked_for_it()
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid cid, byte[] block) = Block(1);
        for (int i = 1; i < SharedBlockCache.AsksToEnter; i++)
        {
            cache.Asked(in cid, block);
            Assert.That(cache.TryGet(in cid, out _), Is.False, $"after {i}");
        }

        cache.Asked(in cid, block);

        Assert.That(cache.TryGet(in cid, out CachedBlock? found), Is.True);
        Assert.That(found!.Bytes, Is.SameAs(block));
        Assert.That((cache.Hits, cache.Misses), Is.EqualTo((1L, (long)SharedBlockCache.AsksToEnter - 1)));
    }

    [Test]
    public void A_block_that_is_not_what_its_CID_says_never_enters()
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid cid, _) = Block(1);
        for (int i = 0; i < 100; i++)
        {
            cache.Asked(in cid, [1, 2, 3]);
        }

        Assert.That(cache.TryGet(in cid, out _), Is.False);
    }

    [Test]
    public void It_never_takes_more_than_its_bytes()
    {
        const long Bytes = 1 << 20;
        SharedBlockCache cache = new(Bytes);
        for (int i = 0; i < 20_000; i++)
        {
            (Cid cid, byte[] block) = Block(i);
            cache.Keep(in cid, block);
            Assert.That(cache.Bytes, Is.LessThanOrEqualTo(Bytes));
        }

        Assert.That(cache.Count, Is.GreaterThan(1000));
    }

    [Test]
    public void What_is_used_stays()
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid wanted, byte[] kept) = Block(-1);
        cache.Keep(in wanted, kept);
        for (int i = 0; i < 20_000; i++)
        {
            (Cid cid, byte[] block) = Block(i);
            cache.Keep(in cid, block);
            Assert.That(cache.TryGet(in wanted, out _), Is.True);
        }
    }

    [Test]
    public void Cleared_it_forgets_blocks_and_who_asked()
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid cid, byte[] block) = Block(1);
        for (int i = 0; i < SharedBlockCache.AsksToEnter; i++)
        {
            cache.Asked(in cid, block);
        }

        cache.Clear();
        cache.Asked(in cid, block);

        Assert.That(cache.TryGet(in cid, out _), Is.False);
        Assert.That(cache.Bytes, Is.Zero);
    }

    [TestCase(20, false)]
    [TestCase(21, true)]
    [TestCase(28, true)]
    public void Only_machines_that_track_links_share_it(int version, bool shares)
    {
        SharedBlockCache cache = new(1 << 20);

        Assert.That(cache.For((NetworkVersion)version), shares ? Is.SameAs(cache) : Is.Null);
    }

    [Test]
    public void Without_memory_it_keeps_nothing()
    {
        SharedBlockCache cache = new(0);
        (Cid cid, byte[] block) = Block(1);
        cache.Keep(in cid, block);

        Assert.That(cache.TryGet(in cid, out _), Is.False);
    }

    [Test]
    public void What_a_reader_found_out_is_there_for_the_next_one()
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid cid, byte[] block) = Block(1);
        cache.Keep(in cid, block);
        Known known = new(in cid, block, 0);
        cache.Refine(known);
        cache.Keep(in cid, [.. block]);

        Assert.That(cache.TryGet(in cid, out CachedBlock? found), Is.True);
        Assert.That(found, Is.SameAs(known));
    }

    [Test]
    public void What_was_found_out_about_other_bytes_is_not_kept([Values] bool equal)
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid cid, byte[] block) = Block(1);
        byte[] other = equal ? [.. block] : [1, 2, 3];
        cache.Refine(new Known(in cid, other, 0));
        Assert.That(cache.TryGet(in cid, out _), Is.False, "it had no block");
        cache.Keep(in cid, block);
        cache.Refine(new Known(in cid, other, 0));

        Assert.That(cache.TryGet(in cid, out CachedBlock? found), Is.True);
        Assert.That((found!.Bytes, found is Known), Is.EqualTo((block, false)));
    }

    [Test]
    public void What_is_found_out_counts_in_its_bytes()
    {
        const long Bytes = 1 << 20;
        SharedBlockCache cache = new(Bytes);
        int known = 0;
        for (int i = 0; i < 20_000; i++)
        {
            (Cid cid, byte[] block) = Block(i);
            cache.Keep(in cid, block);
            long before = cache.Bytes;
            int more = i % 500;
            cache.Refine(new Known(in cid, block, more));
            Assert.That(cache.Bytes, Is.LessThanOrEqualTo(Bytes).And.LessThanOrEqualTo(before + more));
            known += cache.Bytes == before + more ? 1 : 0;
        }

        Assert.That(known, Is.GreaterThan(19_000));
    }

    [Test]
    public void A_block_stays_if_what_is_known_about_it_is_too_large()
    {
        SharedBlockCache cache = new(1 << 20);
        (Cid cid, byte[] block) = Block(1);
        cache.Keep(in cid, block);
        cache.Refine(new Known(in cid, block, 1 << 20));

        Assert.That(cache.TryGet(in cid, out CachedBlock? found), Is.True);
        Assert.That(found, Is.Not.TypeOf<Known>());
    }

    [Test]
    public void Many_threads_may_use_it()
    {
        SharedBlockCache cache = new(1 << 18);
        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                (Cid cid, byte[] block) = Block(i % 500);
                if (cache.TryGet(in cid, out CachedBlock? found))
                {
                    Assert.That(found.Bytes, Is.EqualTo(block));
                    cache.Refine(new Known(in cid, found.Bytes, 0));
                }

                cache.Asked(in cid, block);
                if (i % 1000 == 999 && thread == 0)
                {
                    cache.Clear();
                }
            }
        });
    }

    private static (Cid Cid, byte[] Block) Block(int number)
    {
        byte[] block = new byte[100];
        BitConverter.TryWriteBytes(block, number);
        return (Cid.Blake2b256(Multicodec.DagCbor, block), block);
    }

    private sealed class Known(in Cid cid, byte[] bytes, int more) : CachedBlock(in cid, bytes)
    {
        public override int Cost => base.Cost + more;
    }
}
