using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>Compressed CAR files: complete, in several members or frames, truncated, corrupt, and decompression bombs.</summary>
[TestFixture("gzip")]
[TestFixture("zstd")]
public sealed class CarPackingTests(string name)
{
    private static readonly KeyValuePair<Cid, byte[]>[] Blocks = CarFile.Blocks(count: 40, length: 700);
    private static readonly byte[] Plain = CarFile.Write([Blocks[0].Key], Blocks);

    [Test]
    public void A_packed_file_is_read_by_its_first_bytes() =>
        Assert.That(CarBlockstore.Load(Pack(Plain)).Count, Is.EqualTo(Blocks.Length));

    [Test]
    public void A_file_in_several_packed_parts_is_read_whole() =>
        Assert.That(CarBlockstore.Load([.. Pack(Plain[..999]), .. Pack([]), .. Pack(Plain[999..])]).Count, Is.EqualTo(Blocks.Length));

    [Test]
    public void A_file_that_ends_anywhere_within_is_called_truncated()
    {
        byte[] packed = Pack(Plain);
        for (int length = 5; length < packed.Length; length++)
        {
            byte[] part = packed[..length];
            Assert.That(
                () => CarBlockstore.Load(part),
                Throws.TypeOf<CarException>().With.Message.Contains($"the {name} stream is truncated"),
                $"{length} of {packed.Length}");
        }
    }

    [Test]
    public void A_file_that_ends_within_its_checksum_is_called_truncated()
    {
        byte[] packed = name == "zstd" ? CarFile.Zstd(Plain, hasChecksum: true) : Pack(Plain);
        byte[] corrupt = [.. packed];
        corrupt[^(name == "zstd" ? 1 : 5)] ^= 1;
        foreach (int cut in (int[])[1, 2, 3, 4, 5])
        {
            Assert.That(() => CarBlockstore.Load(packed[..^cut]), Throws.TypeOf<CarException>().With.Message.Contains("is truncated"), $"{cut}");
        }

        Assert.That(() => CarBlockstore.Load(corrupt), Throws.TypeOf<CarException>().With.Message.Contains("is corrupt"));
    }

    [Test]
    public void A_file_that_is_packed_twice_is_called_so() =>
        Assert.That(() => CarBlockstore.Load(Pack(Pack(Plain))), Throws.TypeOf<CarException>().With.Message.Contains("packed twice"));

    [Test]
    public void A_file_that_unpacks_to_more_than_the_bound_names_the_way_out()
    {
        byte[] bomb = Pack(CarFile.Write([Blocks[0].Key], CarFile.Blocks(count: 64, length: 1 << 20)));
        CarReadOptions options = new() { MaxTotalLength = 16 << 20 };

        Assert.That(bomb, Has.Length.LessThan(1 << 20));
        Assert.That(
            () => CarBlockstore.Load(bomb, options),
            Throws.TypeOf<CarException>().With.Message.Contains($"unpack it on disk first ({name} -d)"));
    }

    [Test]
    public void A_block_whose_length_is_a_lie_takes_memory_only_as_bytes_arrive()
    {
        byte[] lie = Pack([.. Plain, 0xff, 0xff, 0xff, 0x7f, .. Blocks[0].Key.ToBytes(), 1, 2, 3]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => CarBlockstore.Load(lie), Throws.TypeOf<CarException>().With.Message.Contains("cut off within a block"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 << 20));
    }

    [Test]
    public void A_corrupt_stream_never_ends_otherwise_than_with_a_word_about_the_file()
    {
        byte[] packed = Pack(Plain);
        for (int position = 4; position < packed.Length; position++)
        {
            byte[] corrupt = [.. packed];
            corrupt[position] ^= 0x55;
            try
            {
                CarBlockstore.Load(corrupt);
            }
            catch (CarException error)
            {
                Assert.That(error.Message, Does.StartWith("CAR, byte"));
            }
        }
    }

    [Test]
    public void A_packed_file_is_held_in_memory_however_long_it_is_unless_it_is_in_small_frames()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Pack(Plain));
            using CarStore car = CarStore.Open(File.OpenRead(path), new CarReadOptions { IndexedFrom = 1 });
            Assert.That(car, name == "zstd" ? Is.TypeOf<PackedCar>() : Is.TypeOf<CarBlockstore>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private byte[] Pack(byte[] bytes) => name == "gzip" ? CarFile.Gzip(bytes) : CarFile.Zstd(bytes);
}
