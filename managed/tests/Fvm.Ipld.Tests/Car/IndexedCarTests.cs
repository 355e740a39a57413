using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>CAR files read from disk on demand.</summary>
public sealed class IndexedCarTests
{
    private static readonly CarReadOptions Indexed = new() { IndexedFrom = 1 };

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fvm-{Guid.NewGuid():n}.car");

    [TearDown]
    public void Remove() => File.Delete(_path);

    [Test]
    public void Every_block_is_found_and_nothing_else()
    {
        KeyValuePair<Cid, byte[]>[] blocks = [.. CarFile.Blocks(count: 3000), .. CarFile.Blocks(count: 3, length: 300_000)];
        File.WriteAllBytes(_path, CarFile.Write([blocks[7].Key], blocks));
        using CarStore car = CarStore.Open(File.OpenRead(_path), Indexed);

        Assert.That(car, Is.TypeOf<IndexedCar>());
        Assert.That((car.Count, car.BlockBytes), Is.EqualTo((3003L, (3000 * 4L) + 900_000)));
        Assert.That(car.Roots, Is.EqualTo(new[] { blocks[7].Key }));
        foreach ((Cid cid, byte[] block) in blocks)
        {
            Assert.That(car.Has(in cid), Is.True);
            Assert.That(car.Get(in cid), Is.EqualTo(block));
        }

        Cid other = Cid.Blake2b256(Multicodec.Raw, [9]);
        Assert.That((car.Has(in other), car.Get(in other)), Is.EqualTo((false, (byte[]?)null)));
        Assert.That(car.ReadAll().Select(static block => block.Key), Is.EqualTo(blocks.Select(static block => block.Key)));
    }

    [Test]
    public void A_digest_is_checked_when_the_block_is_read()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 2);
        byte[] file = CarFile.Write([blocks[0].Key], blocks);
        file[^1] ^= 1;
        File.WriteAllBytes(_path, file);
        using CarStore car = CarStore.Open(File.OpenRead(_path), Indexed);

        Assert.That(car.Get(blocks[0].Key), Is.EqualTo(blocks[0].Value));
        Assert.That(() => car.Get(blocks[1].Key), Throws.TypeOf<BlockstoreException>().With.Message.Contains(blocks[1].Key.ToString()));
        Assert.That(() => car.ReadAll().Count(), Throws.TypeOf<CarException>());
    }

    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(299_999)]
    public void A_file_that_is_cut_off_is_refused_when_it_is_indexed(int cut)
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 2, length: 300_000);
        byte[] file = CarFile.Write([blocks[0].Key], blocks);
        File.WriteAllBytes(_path, file[..^cut]);

        Assert.That(() => CarStore.Open(File.OpenRead(_path), Indexed), Throws.TypeOf<CarException>().With.Message.Contains("cut off within a block"));
    }

    [Test]
    public void A_file_that_becomes_shorter_while_it_is_in_use_is_an_error_of_the_store()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 2, length: 1000);
        File.WriteAllBytes(_path, CarFile.Write([blocks[0].Key], blocks));
        using CarStore car = CarStore.Open(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Indexed);
        using (FileStream file = new(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 500);
        }

        Assert.That(() => car.Get(blocks[1].Key), Throws.TypeOf<BlockstoreException>().With.Message.Contains("has become shorter"));
    }

    [Test]
    public void The_index_is_bounded()
    {
        File.WriteAllBytes(_path, CarFile.Write([CarFile.Blocks(1)[0].Key], CarFile.Blocks(count: 11)));

        Assert.That(() => CarStore.Open(File.OpenRead(_path), Indexed with { MaxIndexBytes = 176 }), Throws.Nothing);
        Assert.That(
            () => CarStore.Open(File.OpenRead(_path), Indexed with { MaxIndexBytes = 160 }),
            Throws.TypeOf<CarException>().With.Message.Contains("more than 10 blocks"));
    }

    [Test]
    public void A_file_past_4_GiB_is_read_from_its_end()
    {
        // A sparse file: three maximal blocks of zeros, which take no disk space, followed by a small block.
        KeyValuePair<Cid, byte[]> last = CarFile.Blocks(1)[0];
        byte[] head = CarFile.Write([last.Key]);
        byte[] tail = CarFile.Write([last.Key], last)[head.Length..];
        Cid zeros = Cid.CreateV1(Multicodec.Raw, MultihashCode.Blake2b256, new byte[32]);
        using (FileStream file = File.Create(_path))
        {
            file.Write(head);
            Span<byte> length = stackalloc byte[Varint.MaxLength];
            for (int count = 0; count < 3; count++)
            {
                file.Write(length[..Varint.Write((ulong)Array.MaxLength + (ulong)zeros.ByteLength, length)]);
                file.Write(zeros.ToBytes());
                file.Seek(Array.MaxLength, SeekOrigin.Current);
            }

            file.Write(tail);
            Assert.That(file.Length, Is.GreaterThan(6L * 1000 * 1000 * 1000));
        }

        using CarStore car = CarStore.Open(File.OpenRead(_path));
        Assert.That(car.Get(last.Key), Is.EqualTo(last.Value));
    }
}
