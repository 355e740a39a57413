using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Amt = Fvm.Ipld.Amt;

/// <summary>Hostile and corrupt AMTs.</summary>
public sealed class AmtRefusalTests
{
    private const string RawLink = "d82a 45 00 01550000";

    [TestCase("84 00 00 00 83 41 00 80 80", Description = "a bit width of 0")]
    [TestCase("84 13 00 00 83 41 00 80 80", Description = "a bit width of 19")]
    [TestCase("84 1a7fffffff 00 00 83 41 00 80 80", Description = "a bit width beyond all")]
    [TestCase("84 12 00 00 83 41 00 80 80", Description = "a bitmap that is too short for 18 bits")]
    [TestCase("84 03 1841 00 83 41 00 80 80", Description = "a height of 65")]
    [TestCase("84 03 00 00 83 42 0000 80 80", Description = "a bitmap that is too long")]
    [TestCase("84 03 00 01 83 41 03 80 81 00", Description = "more bits than values")]
    [TestCase("84 03 00 01 83 41 00 80 81 00", Description = "fewer bits than values")]
    [TestCase("84 03 00 01 83 41 01 81 " + RawLink + " 81 00", Description = "links and values")]
    [TestCase("84 03 00 01 83 41 01 81 " + RawLink + " 80", Description = "links at height 0")]
    [TestCase("84 03 01 01 83 41 01 80 81 00", Description = "values at height 1")]
    [TestCase("84 03 00 01 83 41 01 80 9a7fffffff", Description = "more values than bytes")]
    [TestCase("83 00 00 83 41 00 80 80", Description = "the old form")]
    [TestCase("84 03 00 00 83 41 00 80 80 00", Description = "bytes after the root")]
    [TestCase("84 1b0000000000000003 00 00 83 41 00 80 80", Description = "a bit width of 64 bits")]
    public void Malformed_roots_are_refused(string hex)
    {
        MemoryBlockstore store = new();
        Cid root = PutBlock(store, Encode.Hex(hex));

        Assert.That(() => Amt.Load(store, in root), Throws.TypeOf<AmtException>().With.Message.Contains(root.ToString()));
    }

    [Test]
    public void A_missing_block_is_named()
    {
        Cid root = Cid.Blake2b256(Multicodec.DagCbor, [1, 2, 3]);

        AmtException? error = Assert.Throws<AmtException>(() => Amt.Load(new MemoryBlockstore(), in root));
        Assert.That(error!.Missing, Is.EqualTo(root));
    }

    [Test]
    public void Empty_nodes_below_the_root_are_refused()
    {
        MemoryBlockstore store = new();
        Cid empty = PutBlock(store, Encode.Hex("83 41 00 80 80"));
        Cid root = PutRoot(store, 1, 5, empty);
        Amt list = Amt.Load(store, in root);

        Assert.That(() => list.TryGet(0, out _), Throws.TypeOf<AmtException>());
        Assert.That(() => list.Entries().Count(), Throws.TypeOf<AmtException>());
    }

    [Test]
    public void More_values_than_the_root_counts_end_in_an_error()
    {
        // Each level has eight links to the next: 8^11 values in twelve blocks.
        MemoryBlockstore store = new();
        Cid node = PutBlock(store, Encode.Hex("83 41 ff 80 88 00 00 00 00 00 00 00 00"));
        for (int level = 0; level < 10; level++)
        {
            node = PutBlock(store, Node(node));
        }

        Cid root = PutRoot(store, 11, 1000, node);
        Amt list = Amt.Load(store, in root);
        Assert.That(() => list.Entries().Count(), Throws.TypeOf<AmtException>().With.Message.Contains("1000"));
    }

    [Test]
    public void Links_to_indices_beyond_64_bits_are_refused()
    {
        MemoryBlockstore store = new();
        Cid node = PutBlock(store, Encode.Hex("83 41 ff 80 88 00 00 00 00 00 00 00 00"));
        for (int level = 0; level < 22; level++)
        {
            node = PutBlock(store, Node(node));
        }

        Cid root = PutRoot(store, 23, 1, node);
        Assert.That(() => Amt.Load(store, in root).Entries().Count(), Throws.TypeOf<AmtException>().With.Message.Contains("64 bits"));
    }

    [Test]
    public void A_root_that_counts_too_few_cannot_go_below_zero()
    {
        MemoryBlockstore store = new();
        Cid root = PutBlock(store, Encode.Hex("84 03 00 00 83 41 01 80 81 00"));

        Assert.That(() => Amt.Load(store, in root).Delete(0), Throws.TypeOf<AmtException>());
    }

    [TestCase(0)]
    [TestCase(19)]
    public void Bit_widths_out_of_range_are_refused(int bitWidth) =>
        Assert.That(() => new Amt(new MemoryBlockstore(), bitWidth), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void The_old_form_has_a_bit_width_of_three() =>
        Assert.That(() => new Amt(new MemoryBlockstore(), 5, AmtVersion.V0), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Lists_of_other_bit_widths_are_not_compared() =>
        Assert.That(() => Amt.Diff(new Amt(new MemoryBlockstore(), 3), new Amt(new MemoryBlockstore(), 5)), Throws.ArgumentException);

    private static byte[] Node(Cid child) => Encode.With(writer =>
    {
        writer.WriteArrayHeader(3);
        writer.WriteBytes([0xff]);
        writer.WriteArrayHeader(8);
        for (int count = 0; count < 8; count++)
        {
            writer.WriteCid(in child);
        }

        writer.WriteArrayHeader(0);
    });

    private static Cid PutRoot(MemoryBlockstore store, int height, int count, Cid child) => PutBlock(store, Encode.With(writer =>
    {
        writer.WriteArrayHeader(4);
        writer.WriteUInt(3);
        writer.WriteInt(height);
        writer.WriteInt(count);
        writer.WriteRaw(Node(child));
    }));

    private static Cid PutBlock(MemoryBlockstore store, byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(in cid, block);
        return cid;
    }
}
