using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class BundleCatalogTests
{
    private const string Name = "actors.car.gz";
    private static readonly byte[] Small = [1, 2, 3, 4];
    private static readonly byte[] Large = [.. Enumerable.Range(0, 20_000).Select(static i => (byte)i)];
    private static readonly Cid SmallCid = Cid.Blake2b256(Multicodec.Raw, Small);
    private static readonly Cid LargeCid = Cid.Blake2b256(Multicodec.Raw, Large);
    private static readonly Cid Missing = Cid.Blake2b256(Multicodec.Raw, [7]);

    private string _folder = "";
    private CodeCache _cache = null!;

    [SetUp]
    public void MakeFolders()
    {
        _folder = Directory.CreateTempSubdirectory("fvm-bundles-").FullName;
        _cache = new CodeCache(Path.Combine(_folder, "cache"));
        Write((SmallCid, Small), (LargeCid, Large));
    }

    [TearDown]
    public void RemoveFolders() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_packed_bundle_is_kept_unpacked_with_the_same_blocks()
    {
        Assert.That(Open(null), Is.TypeOf<CarBlockstore>());
        Assert.That(Open(_cache), Is.TypeOf<CarBlockstore>());
        Assert.That(_cache.List(), Has.Count.EqualTo(2), "the index, and the large block");

        IBlockstore kept = Open(_cache);
        Assert.That(kept, Is.TypeOf<KeptBundle>());
        AssertBlocks(kept);
        Assert.That(kept.Get(in LargeCid), Is.SameAs(kept.Get(in LargeCid)));
        Assert.That((kept.Has(in SmallCid), kept.Has(in LargeCid), kept.Has(in Missing)), Is.EqualTo((true, true, false)));
        Assert.That(kept.Get(in Missing), Is.Null);
        Assert.That(() => kept.Put(in Missing, [7]), Throws.TypeOf<BlockstoreException>());
    }

    [Test]
    public void A_changed_bundle_is_unpacked_anew()
    {
        Open(_cache);
        Write((Missing, [7]));
        IBlockstore bundle = Open(_cache);
        Assert.That((bundle.Get(in Missing), bundle.Get(in SmallCid)), Is.EqualTo((new byte[] { 7 }, (byte[]?)null)));
    }

    [Test]
    public void Broken_entries_are_replaced_by_what_the_bundle_holds()
    {
        Open(_cache);
        Dictionary<string, byte[]> good = Directory.GetFiles(_cache.Folder, "*.code").ToDictionary(static path => path, File.ReadAllBytes);
        foreach ((string path, byte[] bytes) in good)
        {
            byte[] bad = [.. bytes];
            bad[^1] ^= 1;
            File.WriteAllBytes(path, bad);
            AssertBlocks(Open(_cache));
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(bytes));
        }
    }

    [Test]
    public void Evicted_entries_are_written_again()
    {
        Open(_cache);
        foreach (string path in Directory.GetFiles(_cache.Folder, "*.code"))
        {
            File.Delete(path);
            AssertBlocks(Open(_cache));
            Assert.That(File.Exists(path), Is.True);
        }
    }

    [Test]
    public void A_bundle_with_a_wrong_digest_is_refused_and_not_kept()
    {
        Write((SmallCid, [9]));
        Assert.That(() => Open(_cache), Throws.TypeOf<InputException>().With.Message.Contains(Name));
        Assert.That(_cache.List(), Is.Empty);
    }

    private static void AssertBlocks(IBlockstore bundle)
    {
        Assert.That(bundle.Get(in SmallCid), Is.EqualTo(Small));
        Assert.That(bundle.Get(in LargeCid), Is.EqualTo(Large));
    }

    private IBlockstore Open(CodeCache? cache) => new BundleCatalog(_folder, cache).Open(Name);

    private void Write(params (Cid Cid, byte[] Block)[] blocks)
    {
        using FileStream file = File.Create(Path.Combine(_folder, Name));
        using CarWriter writer = new(file, [blocks[0].Cid], pack: true);
        foreach ((Cid cid, byte[] block) in blocks)
        {
            writer.Write(in cid, block);
        }
    }
}
