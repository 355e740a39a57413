using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Buckets that stay in the block of their node until they are changed.</summary>
public sealed class HamtBucketTests
{
    private const int Keys = 300;

    // With the longest keys and largest buckets the root takes more than 64 KiB.
    [Test]
    public void A_loaded_map_finds_enumerates_and_changes_what_a_built_one_does(
        [Values] HamtVersion version,
        [Values(1, 3, 25)] int bucketSize,
        [Values(3, 30, 300)] int keyLength,
        [Values] bool typed,
        [Values] bool measured)
    {
        HamtOptions options = new()
        {
            Version = version,
            BucketSize = bucketSize,
            Values = typed ? static (ref reader, canonical) => canonical.WriteUInt(reader.ReadUInt()) : null,
            CanonicalLength = typed && measured ? HamtValueMeasure.Of<SmallNumber>() : null,
        };
        MemoryBlockstore store = new();
        Hamt built = new(store, options);
        for (int key = 0; key < Keys; key++)
        {
            built.Set(Key(key, keyLength), Encode.Number(key));
        }

        Hamt loaded = Hamt.Load(store, built.Flush(), options);
        for (int key = 0; key < Keys; key++)
        {
            Assert.That(loaded.TryGet(Key(key, keyLength), out ReadOnlyMemory<byte> value), Is.True);
            Assert.That(value.ToArray(), Is.EqualTo(Encode.Number(key)));
        }

        Assert.That(loaded.ContainsKey(Key(Keys, keyLength)), Is.False);
        for (int key = 0; key < Keys; key += 3)
        {
            foreach (Hamt map in (Hamt[])[built, loaded])
            {
                map.Set(Key(key, keyLength), Encode.Number(key + 1));
                map.Delete(Key(key + 1, keyLength));
                map.Set(Key(Keys + key, keyLength), Encode.Number(key));
            }
        }

        Assert.That(loaded.Flush(), Is.EqualTo(built.Flush()));
        Assert.That(Contents(Hamt.Load(store, loaded.Flush(), options)), Is.EqualTo(Contents(built)));
    }

    // One entry "k": 5, in forms that the reference reads and writes back in the shortest one.
    [TestCase(HamtVersion.V3, "9801 82 416b 05", Description = "a long head of the bucket")]
    [TestCase(HamtVersion.V3, "81 9802 416b 05", Description = "a long head of the entry")]
    [TestCase(HamtVersion.V3, "81 82 58016b 05", Description = "a long head of the key")]
    [TestCase(HamtVersion.V3, "81 82 59 0001 6b 05", Description = "a longer head of the key")]
    [TestCase(HamtVersion.V0, "a1 6131 9801 82 416b 05", Description = "a long head of the bucket, with a name")]
    [TestCase(HamtVersion.V0, "b801 6131 81 82 416b 05", Description = "a long head of the map")]
    [TestCase(HamtVersion.V0, "a1 7801 31 81 82 416b 05", Description = "a long head of the name")]
    [TestCase(HamtVersion.V0, "6131 81 82 416b 05", Description = "name and bucket in sequence")]
    public void A_bucket_in_an_unusual_form_is_written_back_in_the_usual_one(HamtVersion version, string pointer)
    {
        HamtOptions options = new() { Version = version };
        MemoryBlockstore store = new();
        Hamt usual = new(store, options);
        usual.Set("k"u8, Encode.Number(5));
        Cid expected = usual.Flush();
        byte[] block = store.Get(in expected)!;
        int start = block.AsSpan().IndexOf((byte)0x81) + 1;
        byte[] unusual = [.. block[..start], .. Encode.Hex(pointer)];
        Cid root = Cid.Blake2b256(Multicodec.DagCbor, unusual);
        store.Put(in root, unusual);
        Hamt map;
        try
        {
            map = Hamt.Load(store, in root, options);
        }
        catch (HamtException) when (version == HamtVersion.V0 && pointer[0] is 'b' or '9')
        {
            Assert.Pass("not a form that the reference reads");
            return;
        }

        Assert.That(map.TryGet("k"u8, out ReadOnlyMemory<byte> value), Is.True);
        Assert.That(value.ToArray(), Is.EqualTo(Encode.Number(5)));
        map.Set("other"u8, Encode.Number(1));
        map.Delete("other"u8);
        Assert.That(map.Flush(), Is.EqualTo(expected));
    }

    [Test]
    public void A_node_below_that_lost_all_entries_but_those_of_one_bucket_becomes_a_bucket()
    {
        MemoryBlockstore store = new();
        Hamt map = new(store, HamtOptions.State with { BitWidth = 1, BucketSize = 2 });
        for (int key = 0; key < Keys; key++)
        {
            map.Set(Key(key, 4), Encode.Number(key));
        }

        Hamt loaded = Hamt.Load(store, map.Flush(), map.Options);
        for (int key = 2; key < Keys; key++)
        {
            Assert.That(loaded.Delete(Key(key, 4), out ReadOnlyMemory<byte> value), Is.True);
            Assert.That(value.ToArray(), Is.EqualTo(Encode.Number(key)));
        }

        Hamt small = new(store, map.Options);
        small.Set(Key(0, 4), Encode.Number(0));
        small.Set(Key(1, 4), Encode.Number(1));
        Assert.That(loaded.Flush(), Is.EqualTo(small.Flush()));
    }

    private static string[] Contents(Hamt map) => map.Entries()
        .Select(static entry => $"{Convert.ToHexString(entry.Key.Span)}={Convert.ToHexString(entry.Value.Span)}").ToArray();

    private static byte[] Key(int key, int length)
    {
        byte[] bytes = new byte[length];
        BitConverter.GetBytes(key).AsSpan(0, 3).CopyTo(bytes);
        return bytes;
    }
}
