using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Nodes that one reader has checked, used by others (<see cref="HamtLayout"/>).</summary>
public sealed class HamtSharingTests
{
    private const int Keys = 400;

    private static readonly HamtOptions Numbers = HamtOptions.State with
    {
        Values = static (ref reader, canonical) => canonical.WriteUInt(reader.ReadUInt()),
        CanonicalLength = HamtValueMeasure.Of<SmallNumber>(),
    };

    private static readonly HamtOptions[] AllOptions = [.. HamtParameters.All, Numbers];

    [TestCaseSource(nameof(AllOptions))]
    public void A_reader_of_checked_nodes_does_what_one_of_blocks_does(HamtOptions options)
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, options);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        for (int seed = 0; seed < 30; seed++)
        {
            Hamt plain = Hamt.Load(store, in root, options);
            Hamt shared = Hamt.Load(sharing, in root, options);
            Assert.That(Work(shared, seed), Is.EqualTo(Work(plain, seed)), $"seed {seed}");
        }

        Assert.That(sharing.Shares, IsShared(options) ? Is.GreaterThan(10) : Is.Zero);
    }

    [TestCaseSource(nameof(AllOptions))]
    public void Every_node_is_checked_once(HamtOptions options)
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, options);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        string[] first = Contents(Hamt.Load(sharing, in root, options));
        int shares = sharing.Shares;

        Assert.That(shares, IsShared(options) ? Is.EqualTo(store.Count) : Is.Zero);
        Assert.That(Contents(Hamt.Load(sharing, in root, options)), Is.EqualTo(first));
        Assert.That(sharing.Shares, Is.EqualTo(shares));
    }

    [Test]
    public void What_is_known_of_a_node_counts_in_the_memory_of_its_cache()
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, Numbers);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        long before = sharing.Cost;
        _ = Contents(Hamt.Load(sharing, in root, Numbers));

        // At least two bytes per pointer.
        Assert.That(sharing.Cost - before, Is.GreaterThan(2 * 32 * store.Count));
    }

    [TestCase(HamtVersion.V0)]
    [TestCase(HamtVersion.V3)]
    public void Corrupt_nodes_are_refused_with_the_same_words_however_often_they_are_read(HamtVersion version)
    {
        MutationSource source = MutationSource.Map(version);
        HamtOptions options = new() { Version = version };
        int refused = 0;
        for (int seed = 0; seed < 3_000; seed++)
        {
            Mutator mutator = new(seed);
            byte[] block = source.Blocks[mutator.Next(source.Blocks.Length)];
            byte[] disturbed = mutator.Mutate(block);
            SharingBlockstore sharing = source.DisturbShared(block, disturbed);
            string expected = Outcome(source.Disturb(block, disturbed), source.Root, options);
            for (int reader = 0; reader < 3; reader++)
            {
                Assert.That(Outcome(sharing, source.Root, options), Is.EqualTo(expected), $"seed {seed}, reader {reader}");
            }

            refused += expected.StartsWith("refused", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.That(refused, Is.InRange(300, 2_900));
    }

    [Test]
    public void A_node_checked_with_other_parameters_is_checked_again()
    {
        MemoryBlockstore store = new();
        Hamt built = new(store, HamtOptions.State);
        for (int key = 0; key < 100; key++)
        {
            built.Set(Key(key), Encode.Bytes("no number"));
        }

        Cid root = built.Flush();
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        _ = Contents(Hamt.Load(sharing, in root, HamtOptions.State));
        HamtOptions[] others = [Numbers, HamtOptions.State with { BucketSize = 1 }, HamtOptions.State with { MinDataDepth = 3 }];
        foreach (HamtOptions options in others)
        {
            Assert.That(Outcome(sharing, root, options), Does.StartWith("refused").And.EqualTo(Outcome(store, root, options)));
        }

        Assert.That(Contents(Hamt.Load(sharing, in root, HamtOptions.State)), Has.Length.EqualTo(100));
    }

    [Test]
    public void An_empty_node_known_as_a_root_is_refused_below_one()
    {
        MemoryBlockstore store = new();
        Cid empty = new Hamt(store, HamtOptions.State).Flush();
        byte[] above = Encode.With(writer =>
        {
            writer.WriteArrayHeader(2);
            writer.WriteBytes([0x01]);
            writer.WriteArrayHeader(1);
            writer.WriteCid(empty);
        });
        Cid root = Cid.Blake2b256(Multicodec.DagCbor, above);
        store.Put(in root, above);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        Assert.That(Hamt.Load(sharing, in empty, HamtOptions.State).IsEmpty, Is.True);
        Assert.That(Hamt.Load(sharing, in empty, HamtOptions.State).IsEmpty, Is.True);

        Assert.That(
            () => Contents(Hamt.Load(sharing, in root, HamtOptions.State)),
            Throws.TypeOf<HamtException>().With.Message.Contains("a node without pointers below the root"));
    }

    /// <summary>A value that changes when its node is written, and a pointer that no hash leads to: such a node is decoded by each reader.</summary>
    [TestCase("82412081818241611805", "a value that is not in the shortest form")]
    [TestCase("824701000000000000818182416105", "a bitmap of more than 32 bits")]
    public void A_node_that_would_be_written_otherwise_is_so_for_every_reader(string block, string reason)
    {
        byte[] bytes = Convert.FromHexString(block);
        MemoryBlockstore store = new();
        Cid root = Cid.Blake2b256(Multicodec.DagCbor, bytes);
        store.Put(in root, bytes);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        HamtOptions options = Numbers with { CheckKeys = false };
        string expected = AfterChange(store);
        Assert.That(expected, Does.Contain("61=05"));
        for (int reader = 0; reader < 3; reader++)
        {
            Assert.That(AfterChange(sharing), Is.EqualTo(expected), $"{reason}, reader {reader}");
        }

        string AfterChange(IBlockstore blocks)
        {
            Hamt map = Hamt.Load(blocks, in root, options);
            map.Set(Key(1), Encode.Number(1));
            return $"{map.Flush()} {string.Join(' ', Contents(map))}";
        }
    }

    [Test]
    public void Changes_of_one_reader_are_seen_by_no_other()
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, Numbers);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        Hamt reader = Hamt.Load(sharing, in root, Numbers);
        string[] contents = Contents(Hamt.Load(sharing, in root, Numbers));
        KeyValuePair<Cid, byte[]>[] blocks = [.. store.Snapshot().Select(static block => new KeyValuePair<Cid, byte[]>(block.Key, [.. block.Value]))];
        for (int seed = 0; seed < 20; seed++)
        {
            _ = Work(Hamt.Load(sharing, in root, Numbers), seed);
        }

        Assert.That(Contents(reader), Is.EqualTo(contents), "read before");
        Assert.That(Contents(Hamt.Load(sharing, in root, Numbers)), Is.EqualTo(contents), "read after");
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Assert.That(sharing.Get(block.Key), Is.EqualTo(block.Value));
        }
    }

    [Test]
    public void Many_threads_may_read_and_change_the_same_nodes()
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, Numbers);
        SharingBlockstore sharing = SharingBlockstore.Of(store);
        string[] expected = [.. Enumerable.Range(0, 8).Select(seed => Work(Hamt.Load(store, in root, Numbers), seed))];
        Parallel.For(0, 64, thread =>
        {
            BufferedBlockstore own = new(sharing);
            Assert.That(Work(Hamt.Load(own, in root, Numbers), thread % 8), Is.EqualTo(expected[thread % 8]));
        });
    }

    // Where nodes above a depth may have no entries, what was checked depends on the depth; wider nodes do not fit the form that is shared.
    private static bool IsShared(HamtOptions options) => options is { MinDataDepth: 0, BitWidth: <= 5 };

    // What a reader sees that reads, changes, and writes at random.
    private static string Work(Hamt map, int seed)
    {
        Random random = new(seed);
        List<string> seen = [];
        for (int step = 0; step < 60; step++)
        {
            int key = random.Next(Keys + 50);
            bool found = map.TryGet(Key(key), out ReadOnlyMemory<byte> value);
            seen.Add(found ? Convert.ToHexString(value.Span) : "-");
            switch (random.Next(4))
            {
                case 0:
                    map.Set(Key(key), Encode.Number(random.Next(100)));
                    break;
                case 1:
                    seen.Add($"{map.Delete(Key(key))}");
                    break;
                case 2 when random.Next(10) == 0:
                    seen.Add(map.Flush().ToString());
                    break;
                default:
                    break;
            }
        }

        seen.Add(map.Flush().ToString());
        seen.AddRange(Contents(map));
        return string.Join(' ', seen);
    }

    // The content of a map and its root after a change, or why it was refused.
    private static string Outcome(IBlockstore store, Cid root, HamtOptions options)
    {
        try
        {
            Hamt map = Hamt.Load(store, in root, options);
            _ = map.TryGet(Encode.Key(17), out _);
            string contents = string.Join(' ', Contents(map));
            map.Set("new"u8, Encode.Number(1));
            map.Delete(Encode.Key(3));
            return $"{contents} {map.Flush()}";
        }
        catch (HamtException refused)
        {
            return "refused: " + refused.Message;
        }
    }

    private static Cid Full(MemoryBlockstore store, HamtOptions options)
    {
        Hamt map = new(store, options);
        for (int key = 0; key < Keys; key++)
        {
            map.Set(Key(key), Encode.Number(key % 24));
        }

        return map.Flush();
    }

    private static string[] Contents(Hamt map) => [.. map.Entries()
        .Select(static entry => $"{Convert.ToHexString(entry.Key.Span)}={Convert.ToHexString(entry.Value.Span)}")];

    private static byte[] Key(int key) => BitConverter.GetBytes(key);
}
