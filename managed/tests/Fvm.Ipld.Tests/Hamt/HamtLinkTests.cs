using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Links that stay in the block of their node until they are followed.</summary>
public sealed class HamtLinkTests
{
    // Enough keys for a root that has nothing but links.
    private const int Keys = 2_000;

    [TestCase(HamtVersion.V0)]
    [TestCase(HamtVersion.V3)]
    public void A_change_below_one_link_leaves_the_others_as_they_were(HamtVersion version)
    {
        HamtOptions options = new() { Version = version };
        MemoryBlockstore store = new();
        Cid root = Full(store, options);
        Hamt map = Hamt.Load(store, in root, options);
        map.Set(Key(7), Encode.Number(1));
        Cid changed = map.Flush();
        map.Set(Key(7), Encode.Number(7));

        Assert.That(changed, Is.Not.EqualTo(root));
        Assert.That(map.Flush(), Is.EqualTo(root));
        Assert.That(Hamt.Diff(Hamt.Load(store, in root, options), Hamt.Load(store, in changed, options)).Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_link_in_an_unusual_form_is_followed_and_written_back_in_the_usual_one()
    {
        MemoryBlockstore store = new();
        Cid root = Full(store, HamtOptions.State);
        byte[] block = store.Get(in root)!;
        int link = block.AsSpan().IndexOf(Encode.Hex("d82a5827000171a0e40220"));
        byte[] unusual = [.. block[..link], 0xd9, 0x00, 0x2a, .. block[(link + 2)..]];
        Cid other = Cid.Blake2b256(Multicodec.DagCbor, unusual);
        store.Put(in other, unusual);
        Hamt map = Hamt.Load(store, in other, HamtOptions.State);

        Assert.That(map.Entries().Count(), Is.EqualTo(Keys));
        map.Set(Key(Keys), Encode.Number(0));
        map.Delete(Key(Keys));
        Assert.That(map.Flush(), Is.EqualTo(root));
    }

    private static Cid Full(MemoryBlockstore store, HamtOptions options)
    {
        Hamt map = new(store, options);
        for (int key = 0; key < Keys; key++)
        {
            map.Set(Key(key), Encode.Number(key));
        }

        return map.Flush();
    }

    private static byte[] Key(int key) => BitConverter.GetBytes(key);
}
