using Fvm.Ipld;

namespace Fvm.Hosting.Tests;

public sealed class BlockTableTests
{
    private const int BytesPerPlace = 48;

    /// <summary>As a cache of two dictionaries, one per generation, whatever the quality of the hashes.</summary>
    [Test]
    public void It_keeps_what_a_cache_of_two_generations_keeps([Values(1, 7, int.MaxValue)] int hashes, [Values(3_000, 100_000)] int maxBytes)
    {
        BlockTable table = new(maxBytes, maxBytes / 8);
        TwoGenerations<CachedBlock> model = new(maxBytes, maxBytes / 8, static block => block.Cost + BytesPerPlace);
        Random random = new(hashes + maxBytes);
        int found = 0;
        for (int step = 0; step < 20_000; step++)
        {
            CachedBlock block = Block(random.Next(400));
            int hash = Math.Abs(block.Cid.GetHashCode() % hashes);
            bool has = table.TryGet(in block.Cid, hash, out CachedBlock? known);
            Assert.That(has, Is.EqualTo(model.TryGet(in block.Cid, out CachedBlock? expected)), $"step {step}");
            Assert.That(known, Is.SameAs(expected));
            found += has ? 1 : 0;
            if (!has && random.Next(2) == 0)
            {
                table.Add(block, hash);
                model.Add(in block.Cid, block);
            }

            if (random.Next(5_000) == 0)
            {
                table.Clear();
                model.Clear();
            }

            Assert.That((table.Count, table.Bytes), Is.EqualTo((model.Count, model.Bytes)), $"step {step}");
        }

        Assert.That(found, Is.InRange(100, 19_900));
    }

    [Test]
    public void A_block_is_replaced_by_what_is_known_about_the_same_bytes_only()
    {
        BlockTable table = new(10_000, 1_000);
        CachedBlock block = Block(1);
        table.Replace(block, 5);
        Assert.That((table.Count, table.Bytes), Is.EqualTo((0, 0L)), "nothing to replace");
        table.Add(block, 5);
        CachedBlock known = new(in block.Cid, block.Bytes);
        table.Replace(new CachedBlock(in block.Cid, [.. block.Bytes]), 5);
        Assert.That(table.TryGet(in block.Cid, 5, out CachedBlock? found) ? found : null, Is.SameAs(block), "other bytes");
        table.Replace(known, 5);
        Assert.That(table.TryGet(in block.Cid, 5, out found) ? found : null, Is.SameAs(known));
        Assert.That((table.Count, table.Bytes), Is.EqualTo((1, (long)block.Cost + BytesPerPlace)));
    }

    private static CachedBlock Block(int number)
    {
        byte[] bytes = new byte[10 + (number % 300)];
        BitConverter.TryWriteBytes(bytes, number);
        return new CachedBlock(Cid.Blake2b256(Multicodec.DagCbor, bytes), bytes);
    }
}
