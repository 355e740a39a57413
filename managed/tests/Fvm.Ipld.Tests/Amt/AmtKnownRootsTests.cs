using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Amt = Fvm.Ipld.Amt;

/// <summary>Roots, reads and writes expected by the reference's own tests (ref-fvm, ipld/amt/tests).</summary>
public sealed class AmtKnownRootsTests
{
    [TestCase(AmtVersion.V3, "bafy2bzacedv5uu5za6oqtnozjvju5lhbgaybayzhw4txiojw7hd47ktgbv5wc", 13)]
    [TestCase(AmtVersion.V0, "bafy2bzaceansvim5z2rzifilsbzsjuoul2adx7iad7x3b4paj3qsexqf6ovxk", 12)]
    public void One_value_has_the_known_root(AmtVersion version, string expected, int bytes)
    {
        TrackingBlockstore store = new();
        Amt list = new(store, version: version);
        list.Set(2, Encode.Bytes("foo"));
        Cid root = list.Flush();
        Amt loaded = Amt.Load(store, in root, version);

        Assert.That(loaded.TryGet(2, out ReadOnlyMemory<byte> value), Is.True);
        Assert.That(value.ToArray(), Is.EqualTo(Encode.Bytes("foo")));
        Assert.That((list.Flush(), loaded.Flush()), Is.EqualTo((root, root)));
        Assert.That(root.ToString(), Is.EqualTo(expected));
        Assert.That(store.Statistics, Is.EqualTo((1, 1, bytes, bytes)));
    }

    [Test]
    public void The_greatest_indices_can_be_set()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        list.Set(Amt.MaxIndex, Encode.Bytes("what is up"));
        Assert.That(list.Height, Is.EqualTo(21));
        Assert.That(() => list.Set(Amt.MaxIndex + 1, Encode.Bytes("what is up")), Throws.TypeOf<ArgumentOutOfRangeException>());

        list.Set(Amt.MaxIndex - 1, Encode.Bytes("what is up"));
        Assert.That(list.Height, Is.EqualTo(21));
        Assert.That(list.Entries().Select(static entry => entry.Index), Is.EqualTo(new[] { Amt.MaxIndex - 1, Amt.MaxIndex }));
        Assert.That(list.Flush().ToString(), Is.EqualTo("bafy2bzacecl3zuubhdvkojg6uhbu4mebaehx554q6algfjitqiivvnrqprkxo"));
        Assert.That(store.Statistics, Is.EqualTo((0, 22, 0, 1039)));
    }

    [Test]
    public void A_list_grows_with_its_indices()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        list.Set(2, Encode.Bytes("foo"));
        list.Set(11, Encode.Bytes("bar"));
        list.Set(79, Encode.Bytes("baz"));
        Cid root = list.Flush();
        Amt loaded = Amt.Load(store, in root);

        Assert.That(loaded.TryGet(2, out _) && loaded.TryGet(11, out _) && loaded.TryGet(79, out _), Is.True);
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacecughjbclx3lbqwibrwc6pe7nttlc3qewedsrayghsvh5j5lpofiq"));
        Assert.That(store.Statistics, Is.EqualTo((6, 6, 261, 261)));
    }

    [Test]
    public void Five_thousand_values_have_the_known_root()
    {
        TrackingBlockstore store = new();
        Cid root = Amt.Build(store, 3, Enumerable.Repeat<ReadOnlyMemory<byte>>(Encode.Bytes("foo foo bar"), 5000));
        Amt loaded = Amt.Load(store, in root);

        Assert.That(Enumerable.Range(0, 5000).All(index => loaded.TryGet((ulong)index, out _)), Is.True);
        Assert.That((loaded.Count, loaded.TryGet(5000, out _)), Is.EqualTo((5000UL, false)));
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacecfquuqzqzlox25aynodzw2qhxijdzfvno6tibyes3kb6nd3f7uxa"));
        Assert.That(store.Statistics, Is.EqualTo((717, 717, 94379, 94379)));
    }

    [TestCase(1, 0)]
    [TestCase(1, 1)]
    [TestCase(1, 9)]
    [TestCase(3, 8)]
    [TestCase(3, 9)]
    [TestCase(3, 4096)]
    [TestCase(3, 4097)]
    [TestCase(5, 32)]
    [TestCase(5, 33)]
    [TestCase(5, 1024)]
    [TestCase(5, 1025)]
    public void The_root_alone_is_that_of_the_list_with_its_blocks(int bitWidth, int count)
    {
        ReadOnlyMemory<byte>[] values = [.. Enumerable.Range(0, count).Select(static i => (ReadOnlyMemory<byte>)Encode.Bytes(new string('v', i % 200)))];
        Cid root = Amt.RootOf<ReadOnlyMemory<byte>>(bitWidth, values, static value => value);
        Assert.That(root, Is.EqualTo(Amt.Build(new MemoryBlockstore(), bitWidth, values)));
    }

    [Test]
    public void Deleting_gives_the_root_of_what_is_left()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        list.BatchSet(Enumerable.Repeat<ReadOnlyMemory<byte>>(Encode.Bytes("cat"), 4));
        foreach (ulong index in new ulong[] { 1, 0, 2, 3 })
        {
            Assert.That(list.Delete(index), Is.True);
        }

        Assert.That(list.Count, Is.Zero);
        list.Set(23, Encode.Bytes("dog"));
        list.Set(24, Encode.Bytes("dog"));
        list.Delete(23);
        Cid root = list.Flush();
        Assert.That(Amt.Load(store, in root).Count, Is.EqualTo(1));

        Amt other = new(store);
        other.Set(24, Encode.Bytes("dog"));
        Assert.That(other.Flush(), Is.EqualTo(root));
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacebnnxpurpb3zqqr22i7ch4uruz6hgykn3ryzoo4hh3ox2m2kufsvg"));
        Assert.That(store.Statistics, Is.EqualTo((1, 4, 52, 122)));
    }

    [Test]
    public void Deleting_takes_levels_away()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        list.Set(1, Encode.Bytes("thing"));
        Cid low = list.Flush();
        list.Set(37, Encode.Bytes("other"));
        Assert.That(list.Height, Is.EqualTo(1));
        Cid high = list.Flush();

        Amt loaded = Amt.Load(store, in high);
        Assert.That((loaded.Count, loaded.Height), Is.EqualTo((2UL, 1)));
        Assert.That(loaded.Delete(37), Is.True);
        Assert.That((loaded.Count, loaded.Height), Is.EqualTo((1UL, 0)));
        Assert.That(loaded.Flush(), Is.EqualTo(low));
        Assert.That(low.ToString(), Is.EqualTo("bafy2bzacebmkyah6kppbszluix3g332hntzx6wfdcqcr5hjdsaxri5jhgrdmo"));
        Assert.That(store.Statistics, Is.EqualTo((3, 5, 117, 147)));
    }

    [Test]
    public void Deleting_the_first_value_of_two_levels_leaves_one()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        list.Set(0, Encode.Bytes("cat"));
        list.Set(27, Encode.Bytes("cat"));
        list.Delete(27);
        Cid root = list.Flush();

        Assert.That((Amt.Load(store, in root).Count, list.Height), Is.EqualTo((1UL, 0)));
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacecmxrjeri2ojuy3riae2mpbnztx2hqggqgkcrxao2nwpga77j2vqe"));
        Assert.That(store.Statistics, Is.EqualTo((1, 1, 13, 13)));
    }

    [Test]
    public void Setting_and_deleting_one_value_gives_the_empty_list()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        Cid empty = list.Flush();
        list.Set(100_000, Encode.Bytes("foo"));
        list.Delete(100_000);

        Assert.That(list.Flush(), Is.EqualTo(empty));
        Assert.That(empty.ToString(), Is.EqualTo("bafy2bzacedijw74yui7otvo63nfl3hdq2vdzuy7wx2tnptwed6zml4vvz7wee"));
        Assert.That(store.Statistics, Is.EqualTo((0, 2, 0, 18)));
    }

    [Test]
    public void Values_are_enumerated_in_order()
    {
        TrackingBlockstore store = new();
        Amt list = new(store);
        List<ulong> indices = [];
        for (ulong index = 2; index < 10_000; index += 3)
        {
            list.Set(index, Encode.Bytes("value"));
            indices.Add(index);
        }

        Cid root = list.Flush();
        Amt loaded = Amt.Load(store, in root);
        Assert.That(loaded.Entries().Select(static entry => entry.Index), Is.EqualTo(indices));
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzaceanqxtbsuyhqgxubiq6vshtbhktmzp2if4g6kxzttxmzkdxmtipcm"));
        Assert.That(store.Statistics, Is.EqualTo((1431, 1431, 88649, 88649)));

        IEnumerable<ulong> late = indices.Where(static index => index >= 5000);
        Assert.That(loaded.Entries(start: 5000).Select(static entry => entry.Index), Is.EqualTo(late));
        Assert.That(loaded.Entries(start: 20_000), Is.Empty);
    }
}
