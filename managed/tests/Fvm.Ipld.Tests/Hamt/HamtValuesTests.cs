using System.Security.Cryptography;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>HAMTs with typed values.</summary>
public sealed class HamtValuesTests
{
    private static readonly HamtOptions Numbers = HamtOptions.State with
    {
        Values = static (ref reader, canonical) => canonical.WriteUInt(reader.ReadUInt()),
    };

    private static readonly HamtOptions Links = HamtOptions.State with
    {
        Values = static (ref reader, canonical) => canonical.WriteCid(reader.ReadCid()),
    };

    [TestCase("05", Description = "a short number")]
    [TestCase("1805", Description = "a number in a longer form than needed")]
    [TestCase("1b0000000000000005", Description = "a number in the longest form")]
    public void Values_are_kept_in_canonical_form(string value)
    {
        MemoryBlockstore store = new();
        Cid root = PutBucket(store, "k", value);
        Hamt map = Hamt.Load(store, in root, Numbers);

        Assert.That(map.TryGet("k"u8, out ReadOnlyMemory<byte> found), Is.True);
        Assert.That(found.ToArray(), Is.EqualTo(new byte[] { 5 }));
        map.Set("k"u8, Encode.Number(5));
        Assert.That(map.Flush(), Is.EqualTo(root), "setting an equal value changes nothing, not even its form");
    }

    [Test]
    public void A_change_beside_a_value_makes_it_canonical()
    {
        MemoryBlockstore store = new();
        Cid root = PutBucket(store, "k", "1805");
        Hamt map = Hamt.Load(store, in root, Numbers);
        map.Set("other"u8, Encode.Number(1));

        Hamt expected = new(new MemoryBlockstore(), Numbers);
        expected.Set("k"u8, Encode.Number(5));
        expected.Set("other"u8, Encode.Number(1));
        Assert.That(map.Flush(), Is.EqualTo(expected.Flush()));
    }

    [Test]
    public void Without_a_type_values_stay_as_they_are()
    {
        MemoryBlockstore store = new();
        Cid root = PutBucket(store, "k", "1805");
        Hamt map = Hamt.Load(store, in root, HamtOptions.State);
        map.Set("other"u8, Encode.Number(1));
        Cid changed = map.Flush();

        Assert.That(Hamt.Load(store, in changed, HamtOptions.State).TryGet("k"u8, out ReadOnlyMemory<byte> found), Is.True);
        Assert.That(found.ToArray(), Is.EqualTo(new byte[] { 0x18, 5 }));
    }

    [TestCase("20", Description = "a negative number")]
    [TestCase("41 05", Description = "a byte string")]
    [TestCase("81 05", Description = "a list")]
    [TestCase("f6", Description = "null")]
    public void A_value_of_another_type_makes_the_node_malformed(string value)
    {
        MemoryBlockstore store = new();
        Cid root = PutBucket(store, "k", value);

        Assert.That(() => Hamt.Load(store, in root, Numbers), Throws.TypeOf<HamtException>().With.Message.Contains("malformed"));
    }

    // The major types inside a pointer are checked, unlike those of directly decoded values.
    [TestCase("01 82 41 6b 05", Description = "a bucket whose head says number")]
    [TestCase("81 02 41 6b 05", Description = "an entry whose head says number")]
    [TestCase("81 82 01 6b 05", Description = "a key whose head says number")]
    [TestCase("81 82 5f 41 6b ff 05", Description = "a key in chunks")]
    public void Heads_and_chunks_that_are_forgiven_elsewhere_are_refused_in_pointers(string pointer)
    {
        MemoryBlockstore store = new();
        Cid root = PutNode(store, "k", pointer);

        Assert.That(() => Hamt.Load(store, in root, Numbers), Throws.TypeOf<HamtException>());
    }

    [Test]
    public void A_link_may_come_in_chunks_and_with_bytes_behind_it()
    {
        MemoryBlockstore store = new();
        Cid root = PutBucket(store, "k", "d82a 5f 43 000155 42 0000 41 ff ff");
        Hamt map = Hamt.Load(store, in root, Links);

        Assert.That(map.TryGet("k"u8, out ReadOnlyMemory<byte> found), Is.True);
        Assert.That(found.ToArray(), Is.EqualTo(Encode.Hex("d82a 45 0001550000")));
    }

    private static Cid PutBucket(MemoryBlockstore store, string key, string value) =>
        PutNode(store, key, $"81 82 4{key.Length:x} {Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(key))} {value}");

    private static Cid PutNode(MemoryBlockstore store, string key, string pointer)
    {
        int bit = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))[0] >> 3;
        uint bits = 1u << bit;
        byte[] block = Encode.With(writer =>
        {
            writer.WriteArrayHeader(2);
            writer.WriteBytes([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
            writer.WriteArrayHeader(1);
            writer.WriteRaw(Encode.Hex(pointer));
        });
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(in cid, block);
        return cid;
    }
}
