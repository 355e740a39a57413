using NUnit.Framework;

namespace Fvm.Ipld.Tests;

public sealed class KamtTests
{
    private static readonly KamtOptions Storage = KamtOptions.ContractStorage;

    [Test]
    public void An_empty_map_has_an_empty_bitmap_and_no_pointers()
    {
        MemoryBlockstore store = new();

        Cid root = new Kamt(store, Storage).Flush();

        Assert.That(store.Get(root), Is.EqualTo(Convert.FromHexString("824080")));
    }

    // The forms of the reference's own tests: a bucket under "v", a link under "l" with the skipped levels.
    [Test]
    public void Keys_that_differ_at_the_end_only_are_one_link_below_the_root()
    {
        MemoryBlockstore store = new();
        Kamt map = new(store, Storage);
        map.Set(Key(1), [0, 7]);
        map.Set(Key(0), [0]);

        byte[] root = store.Get(map.Flush())!;

        // Bit 0; one pointer: "l", [CID, 250 bits, 32 bytes of zeros].
        Assert.That(Convert.ToHexStringLower(root), Does.StartWith("82410181a1616c83d82a5827"));
        Assert.That(Convert.ToHexStringLower(root), Does.EndWith("18fa5820" + new string('0', 64)));
        Assert.That(map.TryGet(Key(1), out ReadOnlyMemory<byte> value), Is.True);
        Assert.That(value.ToArray(), Is.EqualTo(new byte[] { 7 }));
    }

    [TestCase(5, 1)]
    [TestCase(5, 3)]
    [TestCase(8, 1)]
    [TestCase(3, 2)]
    public void Any_changes_lead_to_the_root_of_what_they_leave(int bitWidth, int bucketSize)
    {
        KamtOptions options = new() { BitWidth = bitWidth, BucketSize = bucketSize };
        for (int seed = 0; seed < 12; seed++)
        {
            Random random = new(seed);
            MemoryBlockstore store = new();
            SortedDictionary<string, (byte[] Key, byte[] Value)> model = new(StringComparer.Ordinal);
            Kamt map = new(store, options);
            for (int change = 0; change < 300; change++)
            {
                byte[] key = RandomKey(random);
                string name = Convert.ToHexString(key);
                if (random.Next(3) == 0)
                {
                    Assert.That(map.Delete(key), Is.EqualTo(model.Remove(name)));
                }
                else
                {
                    byte[] value = [(byte)random.Next(1, 256)];
                    map.Set(key, value);
                    model[name] = (key, value);
                }

                if (random.Next(20) == 0)
                {
                    map = Kamt.Load(store, map.Flush(), options);
                }
            }

            Kamt straight = new(store, options);
            foreach ((byte[] key, byte[] value) in model.Values)
            {
                straight.Set(key, value);
            }

            Cid root = map.Flush();
            Assert.That(root, Is.EqualTo(straight.Flush()), $"seed {seed}");
            Assert.That(
                Kamt.Load(store, root, options).Entries().Select(static entry => $"{Convert.ToHexString(entry.Key.Span)}={entry.Value.Span[0]}"),
                Is.EqualTo(model.Select(static entry => $"{entry.Key}={entry.Value.Value[0]}")));
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Differences_are_those_of_the_entries_and_equal_nodes_are_not_read(int bucketSize)
    {
        KamtOptions options = Storage with { BucketSize = bucketSize };
        for (int seed = 0; seed < 12; seed++)
        {
            Random random = new(seed);
            MemoryBlockstore store = new();
            Kamt map = new(store, options);
            for (int entry = 0; entry < 100; entry++)
            {
                map.Set(RandomKey(random), [(byte)random.Next(1, 256)]);
            }

            Cid before = map.Flush();
            Dictionary<string, byte> old = map.Entries().ToDictionary(static entry => Convert.ToHexString(entry.Key.Span), static entry => entry.Value.Span[0]);
            for (int change = random.Next(10); change > 0; change--)
            {
                map.Delete(RandomKey(random));
                map.Set(RandomKey(random), [(byte)random.Next(1, 256)]);
            }

            Cid after = map.Flush();
            Dictionary<string, byte> now = map.Entries().ToDictionary(static entry => Convert.ToHexString(entry.Key.Span), static entry => entry.Value.Span[0]);
            string[] wanted = [.. old.Keys.Union(now.Keys).Where(key => !old.TryGetValue(key, out byte was) || !now.TryGetValue(key, out byte value) || was != value).Order(StringComparer.Ordinal)];

            KamtDifference[] differences = [.. Kamt.Load(store, before, options).DifferencesTo(Kamt.Load(store, after, options))];

            Assert.That(differences.Select(static each => Convert.ToHexString(each.Key.Span)), Is.EqualTo(wanted), $"seed {seed}");
            Assert.That(differences.Select(static each => each.Before?.Span[0]), Is.EqualTo(wanted.Select(key => old.TryGetValue(key, out byte was) ? was : (byte?)null)));
            Assert.That(differences.Select(static each => each.After?.Span[0]), Is.EqualTo(wanted.Select(key => now.TryGetValue(key, out byte value) ? value : (byte?)null)));
        }

        MemoryBlockstore every = new();
        Kamt large = new(every, options);
        for (byte entry = 1; entry < 200; entry++)
        {
            large.Set(Key(entry), [1]);
        }

        Cid root = large.Flush();
        MemoryBlockstore rootOnly = new();
        rootOnly.Put(root, every.Get(root)!);
        Assert.That(Kamt.Load(rootOnly, root, options).DifferencesTo(Kamt.Load(rootOnly, root, options)), Is.Empty);
    }

    [TestCase("8240", "malformed")]
    [TestCase("82410180", "0 pointers, and more bits")]
    [TestCase("8245010000000080", "a bitmap of 33 bits")]
    [TestCase("82410181a1617680", "a bucket of 0 entries")]
    [TestCase("82410181a1617683824001824001", "a bucket of 3 entries")]
    [TestCase("82410181a161778182404101", "neither values nor a link")]
    public void A_malformed_node_is_refused_with_its_fault(string hex, string fault)
    {
        MemoryBlockstore store = new();
        Cid cid = Put(store, Convert.FromHexString(hex));

        Assert.That(() => Kamt.Load(store, cid, Storage), Throws.TypeOf<KamtException>().With.Message.Contains(fault));
    }

    [Test]
    public void Mutated_blocks_are_refused_or_read_but_nothing_else()
    {
        MemoryBlockstore store = new();
        Kamt map = new(store, Storage);
        Random random = new(1);
        for (int entry = 0; entry < 50; entry++)
        {
            map.Set(RandomKey(random), [(byte)(entry + 1)]);
        }

        byte[] root = store.Get(map.Flush())!;
        int refused = 0;
        for (int mutation = 0; mutation < 4_000; mutation++)
        {
            byte[] block = [.. root];
            block[random.Next(block.Length)] = (byte)random.Next(256);
            Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
            store.Put(cid, block);
            try
            {
                Kamt read = Kamt.Load(store, cid, Storage);
                _ = read.Entries().Count();
                read.Set(RandomKey(random), [1]);
                read.Delete(RandomKey(random));
            }
            catch (KamtException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(500));
    }

    [Test]
    public void A_block_that_is_linked_many_times_does_not_take_for_ever()
    {
        MemoryBlockstore store = new();
        Cid below = Put(store, Convert.FromHexString("82410181a161768182404101"));
        for (int level = 0; level < 51; level++)
        {
            CborWriter writer = new();
            writer.WriteArrayHeader(2);
            writer.WriteBytes([0xff, 0xff, 0xff, 0xff]);
            writer.WriteArrayHeader(32);
            for (int pointer = 0; pointer < 32; pointer++)
            {
                writer.WriteMapHeader(1);
                writer.WriteText("l");
                writer.WriteArrayHeader(3);
                writer.WriteCid(below);
                writer.WriteUInt(0);
                writer.WriteBytes([]);
            }

            below = Put(store, writer.ToArray());
        }

        Assert.That(() => Kamt.Load(store, below, Storage).Entries().Count(), Throws.TypeOf<KamtException>().With.Message.Contains("in a wrong place"));
    }

    private static Cid Put(MemoryBlockstore store, byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(cid, block);
        return cid;
    }

    private static byte[] Key(byte last)
    {
        byte[] key = new byte[Kamt.KeyLength];
        key[^1] = last;
        return key;
    }

    // Long common prefixes, as of the slots of a contract.
    private static byte[] RandomKey(Random random)
    {
        byte[] key = new byte[Kamt.KeyLength];
        key[0] = (byte)random.Next(2);
        key[random.Next(Kamt.KeyLength)] ^= (byte)(1 << random.Next(8));
        key[^1] ^= (byte)random.Next(8);
        return key;
    }
}
