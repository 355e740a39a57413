using System.Security.Cryptography;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Hostile and corrupt HAMTs.</summary>
public sealed class HamtRefusalTests
{
    [TestCase("82 41 01 80", Description = "a bit without a pointer")]
    [TestCase("82 40 81 81 82 41 00 00", Description = "a pointer without a bit")]
    [TestCase("82 41 01 81 80", Description = "an empty bucket")]
    [TestCase("82 41 01 81 84 82 41 01 00 82 41 02 00 82 41 03 00 82 41 04 00", Description = "a bucket that is too full")]
    [TestCase("82 41 01 81 82 82 41 02 00 82 41 01 00", Description = "keys that are not sorted")]
    [TestCase("82 41 01 81 82 82 41 01 00 82 41 01 00", Description = "a key twice")]
    [TestCase("82 41 01 81 81 83 41 01 00 00", Description = "an entry of three")]
    [TestCase("82 41 01 81 81 82 61 61 00", Description = "a key that is a text")]
    [TestCase("82 41 01 81 00", Description = "a pointer that is a number")]
    [TestCase("82 41 01 81 a1 61 30 00", Description = "a pointer in the old form")]
    [TestCase("82 41 01 81 d82a 45 00 01550000", Description = "a link to a raw block")]
    [TestCase("82 5821 010000000000000000000000000000000000000000000000000000000000000000 80", Description = "a bitmap of 33 bytes")]
    [TestCase("82 40 80 00", Description = "bytes after the node")]
    [TestCase("82 40 9a7fffffff", Description = "more pointers than bytes")]
    [TestCase("80", Description = "no node")]
    [TestCase("", Description = "nothing")]
    public void Malformed_roots_are_refused(string hex)
    {
        MemoryBlockstore store = new();
        Cid root = PutBlock(store, Encode.Hex(hex));

        Assert.That(
            () => Hamt.Load(store, in root, HamtOptions.State),
            Throws.TypeOf<HamtException>().With.Message.Contains(root.ToString()));
    }

    [Test]
    public void More_pointers_than_the_width_allows_are_refused()
    {
        byte[] block = Encode.With(writer =>
        {
            writer.WriteArrayHeader(2);
            writer.WriteBytes(Encode.Hex("07"));
            writer.WriteArrayHeader(3);
            for (byte key = 0; key < 3; key++)
            {
                writer.WriteRaw([0x81, 0x82, 0x41, key, 0x00]);
            }
        });
        MemoryBlockstore store = new();
        Cid root = PutBlock(store, block);

        Assert.That(() => Hamt.Load(store, in root, new HamtOptions { BitWidth = 1 }), Throws.TypeOf<HamtException>());
        Assert.That(Hamt.Load(store, in root, new HamtOptions { BitWidth = 2, CheckKeys = false }).Entries().Count(), Is.EqualTo(3));
    }

    [Test]
    public void A_missing_block_is_named()
    {
        Cid root = Cid.Blake2b256(Multicodec.DagCbor, [1, 2, 3]);

        HamtException? error = Assert.Throws<HamtException>(() => Hamt.Load(new MemoryBlockstore(), in root, HamtOptions.State));
        Assert.That(error!.Missing, Is.EqualTo(root));
    }

    [Test]
    public void A_root_of_another_codec_is_refused_before_it_is_read()
    {
        Cid root = Cid.Blake2b256(Multicodec.Raw, [0x80]);

        Assert.That(
            () => Hamt.Load(new MemoryBlockstore(), in root, HamtOptions.State),
            Throws.TypeOf<HamtException>().With.Message.Contains("codec"));
    }

    [Test]
    public void Empty_nodes_below_the_root_are_refused()
    {
        MemoryBlockstore store = new();
        Cid empty = PutBlock(store, Encode.Hex("824080"));
        Cid root = PutNode(store, 0xffffffff, empty);
        Hamt map = Hamt.Load(store, in root, HamtOptions.State);

        Assert.That(() => map.TryGet("any"u8, out _), Throws.TypeOf<HamtException>());
        Assert.That(() => map.Entries().Count(), Throws.TypeOf<HamtException>());
    }

    [Test]
    public void A_trie_deeper_than_its_hashes_ends_in_an_error()
    {
        MemoryBlockstore store = new();
        Cid node = PutNode(store, 1, Cid.Blake2b256(Multicodec.DagCbor, [0xff]));
        for (int level = 0; level < 300; level++)
        {
            node = PutNode(store, 0xffffffff, node);
        }

        Hamt map = Hamt.Load(store, in node, HamtOptions.State);
        Assert.That(() => map.TryGet("any"u8, out _), Throws.TypeOf<HamtException>());
        Assert.That(() => map.Set("any"u8, Encode.Number(1)), Throws.TypeOf<HamtException>());
        Assert.That(() => map.Delete("any"u8), Throws.TypeOf<HamtException>());
        Assert.That(() => map.Entries().Count(), Throws.TypeOf<HamtException>());
    }

    [Test]
    public void A_few_blocks_that_stand_for_endless_entries_end_in_an_error()
    {
        // Each level has 32 links to the next: 32^20 entries in 21 blocks.
        MemoryBlockstore store = new();
        Cid node = PutBlock(store, Encode.Hex("82 41 01 81 81 82 41 01 00"));
        for (int level = 0; level < 20; level++)
        {
            node = PutNode(store, 0xffffffff, node);
        }

        Hamt map = Hamt.Load(store, in node, HamtOptions.State);
        Assert.That(() => map.Entries().Count(), Throws.TypeOf<HamtException>().With.Message.Contains("hash"));
        Assert.That(() => Hamt.Diff(new Hamt(store, HamtOptions.State), map).Count(), Throws.TypeOf<HamtException>());
    }

    [Test]
    public void Maps_of_other_parameters_are_not_compared()
    {
        MemoryBlockstore store = new();
        Hamt narrow = new(store, new HamtOptions { BitWidth = 4 });

        Assert.That(() => Hamt.Diff(new Hamt(store, HamtOptions.State), narrow), Throws.ArgumentException);
    }

    [TestCase(0)]
    [TestCase(9)]
    public void Widths_beyond_a_byte_are_refused(int width) => Assert.That(
        () => new Hamt(new MemoryBlockstore(), new HamtOptions { BitWidth = width }),
        Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Empty_values_are_refused() =>
        Assert.That(() => new Hamt(new MemoryBlockstore(), HamtOptions.State).Set([1], default), Throws.ArgumentException);

    [Test]
    public void Old_pointers_are_read_as_map_or_as_name_and_value()
    {
        HamtOptions old = new() { Version = HamtVersion.V0 };
        byte[] key = "k"u8.ToArray();
        int bit = SHA256.HashData(key)[0] >> 3;
        foreach (string pointer in new[] { "a1 6131 81 82 41 6b 05", "6131 81 82 41 6b 05" })
        {
            MemoryBlockstore store = new();
            Cid root = PutBlock(store, Encode.With(writer =>
            {
                writer.WriteArrayHeader(2);
                writer.WriteBytes(Bits(1u << bit));
                writer.WriteArrayHeader(1);
                writer.WriteRaw(Encode.Hex(pointer));
            }));

            Assert.That(Hamt.Load(store, in root, old).TryGet(key, out ReadOnlyMemory<byte> value), Is.True);
            Assert.That(value.ToArray(), Is.EqualTo(new byte[] { 5 }));
        }
    }

    private static Cid PutNode(MemoryBlockstore store, uint bits, Cid child) => PutBlock(store, Encode.With(writer =>
    {
        int count = System.Numerics.BitOperations.PopCount(bits);
        writer.WriteArrayHeader(2);
        writer.WriteBytes(Bits(bits));
        writer.WriteArrayHeader(count);
        for (; count > 0; count--)
        {
            writer.WriteCid(in child);
        }
    }));

    private static byte[] Bits(uint bits) => [(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits];

    private static Cid PutBlock(MemoryBlockstore store, byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(in cid, block);
        return cid;
    }
}
