using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class BundleCatalogTests
{
    private const string Name = "actors.car.gz";
    private static readonly byte[] Block = [1, 2, 3, 4];
    private static readonly Cid BlockCid = Cid.Blake2b256(Multicodec.Raw, Block);

    private string _folder = "";
    private CodeCache _cache = null!;

    [SetUp]
    public void MakeFolders()
    {
        _folder = Directory.CreateTempSubdirectory("fvm-bundles-").FullName;
        _cache = new CodeCache(Path.Combine(_folder, "cache"));
        Write(BlockCid, Block);
    }

    [TearDown]
    public void RemoveFolders() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_packed_bundle_is_kept_unpacked_with_the_same_blocks()
    {
        Assert.That(Open(_cache).Get(in BlockCid), Is.EqualTo(Block));
        Assert.That(_cache.List(), Has.Count.EqualTo(1));

        IBlockstore kept = Open(_cache);
        Assert.That(kept, Is.TypeOf<CarView>());
        Assert.That(kept.Get(in BlockCid), Is.EqualTo(Block));
        Assert.That(Open(null), Is.TypeOf<CarBlockstore>());
    }

    [Test]
    public void A_changed_bundle_is_unpacked_anew()
    {
        Open(_cache);
        byte[] other = [5];
        Cid otherCid = Cid.Blake2b256(Multicodec.Raw, other);
        Write(otherCid, other);
        IBlockstore bundle = Open(_cache);
        Assert.That((bundle.Get(in otherCid), bundle.Get(in BlockCid)), Is.EqualTo((other, (byte[]?)null)));
    }

    [Test]
    public void A_broken_entry_is_replaced()
    {
        Open(_cache);
        string file = Directory.GetFiles(_cache.Folder, "*.code").Single();
        byte[] good = File.ReadAllBytes(file);
        byte[] bad = [.. good];
        bad[^1] ^= 1;
        File.WriteAllBytes(file, bad);
        Assert.That(Open(_cache).Get(in BlockCid), Is.EqualTo(Block));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(good));
    }

    [Test]
    public void A_bundle_with_a_wrong_digest_is_refused_and_not_kept()
    {
        Write(BlockCid, [9]);
        Assert.That(() => Open(_cache), Throws.TypeOf<InputException>().With.Message.Contains(Name));
        Assert.That(_cache.List(), Is.Empty);
    }

    private IBlockstore Open(CodeCache? cache) => new BundleCatalog(_folder, cache).Open(Name);

    private void Write(Cid cid, byte[] block)
    {
        using FileStream file = File.Create(Path.Combine(_folder, Name));
        using CarWriter writer = new(file, [cid], pack: true);
        writer.Write(in cid, block);
    }
}
