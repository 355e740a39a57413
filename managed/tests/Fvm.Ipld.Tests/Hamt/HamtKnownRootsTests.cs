using System.Text;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Roots, reads and writes expected by the reference's own tests (ref-fvm, ipld/hamt/tests).</summary>
public sealed class HamtKnownRootsTests
{
    private const string Empty = "bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay";
    private const string TwoHundred = "bafy2bzaceczhz54xmmz3xqnbmvxfbaty3qprr6dq7xh5vzwqbirlsnbd36z7a";
    private static readonly HamtOptions Wide = new() { BitWidth = 8 };

    [Test]
    public void An_empty_map_has_the_known_root()
    {
        TrackingBlockstore store = new();
        Cid root = new Hamt(store, Wide).Flush();

        Assert.That(root.ToString(), Is.EqualTo(Empty));
        Assert.That(Hamt.Load(store, in root, Wide).IsEmpty, Is.True);
        Assert.That(store.Statistics, Is.EqualTo((1, 1, 3, 3)));
    }

    [Test]
    public void Set_if_absent_leaves_what_is_there()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, Wide);

        Assert.That(map.SetIfAbsent("favorite-animal"u8, Encode.Bytes("owl bear")), Is.True);
        Assert.That(map.SetIfAbsent("favorite-animal"u8, Encode.Bytes("bright green bear")), Is.False);
        Assert.That(map.SetIfAbsent("favorite-animal"u8, Encode.Bytes("owl bear")), Is.False);
        Cid root = map.Flush();
        Assert.That(Hamt.Load(store, in root, Wide).SetIfAbsent("favorite-animal"u8, Encode.Bytes("bright green bear")), Is.False);
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzaced2tgnlsq4n2ioe6ldy75fw3vlrrkyfv4bq6didbwoob2552zvpuk"));
        Assert.That(store.Statistics, Is.EqualTo((1, 1, 63, 63)));
    }

    [Test]
    public void Setting_the_same_value_writes_nothing()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, new HamtOptions { BitWidth = 1 });
        for (int index = 0; index < 30; index++)
        {
            map.Set(Encode.Key(index), Encode.Bytes("filler"));
        }

        Assert.That(map.Flush().ToString(), Is.EqualTo("bafy2bzacebjilcrsqa4uyxuh36gllup4rlgnvwgeywdm5yqq2ks4jrsj756qq"));
        for (int time = 0; time < 2; time++)
        {
            map.Set("favorite-animal"u8, Encode.Bytes("bright green bear"));
            Assert.That(map.Flush().ToString(), Is.EqualTo("bafy2bzacea7biyabzk7v7le2rrlec5tesjbdnymh5sk4lfprxibg4rtudwtku"));
            Assert.That(store.Statistics, Is.EqualTo((0, 18, 0, 1282)));
        }
    }

    [Test]
    public void Deleting_gives_the_known_roots()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, Wide);
        map.Set("foo"u8, Encode.Bytes("cat dog bear"));
        map.Set("bar"u8, Encode.Bytes("cat dog"));
        map.Set("baz"u8, Encode.Bytes("cat"));
        Cid root = map.Flush();
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacebql36crv4odvxzstx2ubaczmawy2tlljxezvorcsoqeyyojxkrom"));

        Hamt loaded = Hamt.Load(store, in root, Wide);
        Assert.That(loaded.Delete("foo"u8, out ReadOnlyMemory<byte> value), Is.True);
        Assert.That(value.ToArray(), Is.EqualTo(Encode.Bytes("cat dog bear")));
        Assert.That(loaded.ContainsKey("foo"u8), Is.False);
        Assert.That(loaded.Delete("nonexistent"u8), Is.False);
        Assert.That(loaded.Flush().ToString(), Is.EqualTo("bafy2bzaced7up7wkm7cirieh5bs4iyula5inrprihmjzozmku3ywvekzzmlyi"));
        Assert.That(store.Statistics, Is.EqualTo((1, 2, 79, 139)));
    }

    [Test]
    public void Deleting_the_last_key_gives_the_empty_map()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, Wide);
        map.Set([0], Encode.Bytes("Test data"));
        Cid root = map.Flush();
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzaceb2hikcc6tfuuuuehjstbiq356oruwx6ejyse77zupq445unranv6"));

        Hamt loaded = Hamt.Load(store, in root, Wide);
        Assert.That(loaded.Delete([0]), Is.True);
        Assert.That(loaded.Flush().ToString(), Is.EqualTo(Empty));
        Assert.That(store.Statistics, Is.EqualTo((1, 2, 31, 34)));
    }

    [Test]
    public void Many_keys_come_and_go()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, HamtOptions.State);
        SetRange(map, 0, 200);
        Assert.That(map.Flush().ToString(), Is.EqualTo(TwoHundred));

        SetRange(map, 200, 400);
        Assert.That(map.Flush().ToString(), Is.EqualTo("bafy2bzacecxcp736xkl2mcyjlors3tug6vdlbispbzxvb75xlrhthiw2xwxvw"));

        DeleteRange(map, 200, 400);
        Assert.That(Enumerable.Range(0, 200).All(index => map.ContainsKey(Encode.Key(index))), Is.True);
        Assert.That(map.Flush().ToString(), Is.EqualTo(TwoHundred));

        DeleteRange(map, 0, 200);
        Assert.That(map.Entries(), Is.Empty);
        Assert.That(map.Flush().ToString(), Is.EqualTo(Empty));
        Assert.That(store.Statistics, Is.EqualTo((0, 94, 0, 11737)));
    }

    [Test]
    public void Entries_are_enumerated_before_and_after_changes()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, HamtOptions.State);
        SetRange(map, 0, 200);
        Assert.That(map.Entries().Count(), Is.EqualTo(200));
        Cid root = map.Flush();
        Assert.That(root.ToString(), Is.EqualTo(TwoHundred));

        map = Hamt.Load(store, in root, HamtOptions.State);
        Assert.That(map.Entries().Count(), Is.EqualTo(200));
        Assert.That(map.Entries().Count(), Is.EqualTo(200));
        Assert.That(map.Flush(), Is.EqualTo(root));

        map.Set(Encode.Key(10), Encode.Bytes("modified-10"));
        map.Set(Encode.Key(80), Encode.Bytes("modified-80"));
        map.Set(Encode.Key(81), Encode.Bytes("modified-81"));
        Assert.That(map.Delete(Encode.Key(30)), Is.True);
        Assert.That(map.Delete(Encode.Key(300)), Is.False);
        Assert.That(map.Entries().Count(), Is.EqualTo(199));
        Assert.That(map.Flush().ToString(), Is.EqualTo("bafy2bzacebln5j7tdfavh2qqhio6mgaoq6mm2jbmcex2ngcmi3uqlx5k3mov4"));
        Assert.That(store.Statistics, Is.EqualTo((30, 33, 3209, 4697)));
    }

    [Test]
    public void Enumerating_without_keeping_reads_again()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, HamtOptions.State);
        SetRange(map, 0, 200);
        Cid root = map.Flush();
        map = Hamt.Load(store, in root, HamtOptions.State);

        Assert.That(map.Entries(keep: false).Count(), Is.EqualTo(200));
        Assert.That(store.Statistics, Is.EqualTo((30, 30, 3209, 3209)));
        Assert.That(map.Entries(keep: false).Count(), Is.EqualTo(200));
        Assert.That(store.Reads, Is.EqualTo(59));
    }

    [Test]
    public void Buckets_are_sorted_when_nodes_collapse()
    {
        TrackingBlockstore store = new();
        Hamt map = new(store, HamtOptions.State);
        byte[] value = Encode.Number(42);
        for (int index = 100; index < 195; index++)
        {
            map.Set(VarintKey(index), value);
        }

        Cid root = map.Flush();
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacebqox3gtng4ytexyacr6zmaliyins3llnhbnfbcrqmhzuhmuuawqk"));

        map = Hamt.Load(store, in root, HamtOptions.State);
        map.Delete(VarintKey(104));
        map.Delete(VarintKey(108));
        root = map.Flush();
        Hamt.Load(store, in root, HamtOptions.State);
        Assert.That(root.ToString(), Is.EqualTo("bafy2bzacedlyeuub3mo4aweqs7zyxrbldsq2u4a2taswubudgupglu2j4eru6"));
        Assert.That(store.Statistics, Is.EqualTo((3, 11, 1449, 1751)));
    }

    private static void SetRange(Hamt map, int from, int to)
    {
        for (int index = from; index < to; index++)
        {
            map.Set(Encode.Key(index), Encode.Bytes(Encoding.UTF8.GetString(Encode.Key(index))));
        }
    }

    private static void DeleteRange(Hamt map, int from, int to)
    {
        for (int index = from; index < to; index++)
        {
            Assert.That(map.Delete(Encode.Key(index)), Is.True);
        }
    }

    private static byte[] VarintKey(int value)
    {
        byte[] key = new byte[Varint.LengthOf((ulong)value)];
        Varint.Write((ulong)value, key);
        return key;
    }
}
