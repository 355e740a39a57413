using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>CAR files in small frames of Zstandard, as Forest's snapshots are.</summary>
public sealed class PackedCarTests
{
    private static readonly CarReadOptions Large = new() { IndexedFrom = 1 };
    private static readonly byte[] Skippable = [0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];

    private DirectoryInfo _folder = null!;
    private string _path = null!;
    private string _index = null!;

    [SetUp]
    public void Make()
    {
        _folder = Directory.CreateTempSubdirectory("fvm-packed-");
        _path = Path.Combine(_folder.FullName, "a.car.zst");
        _index = Path.Combine(_folder.FullName, "a.index");
    }

    [TearDown]
    public void Remove() => _folder.Delete(recursive: true);

    [Test]
    public void A_file_is_read_frame_by_frame([Values] bool hasChecksum, [Values] bool hasSize, [Values] bool isKept)
    {
        KeyValuePair<Cid, byte[]>[] blocks =
        [
            .. CarFile.Blocks(count: 500), .. Incompressible(count: 3, length: 100_000), .. CarFile.Blocks(count: 1, length: ZstdFrames.MaxContent - 400_000),
        ];
        File.WriteAllBytes(_path, Packed(blocks, perFrame: 7, hasChecksum, hasSize));
        using CarStore car = isKept ? Indexed() : CarStore.Open(File.OpenRead(_path), Large);

        Assert.That(car, Is.TypeOf<PackedCar>());
        Assert.That((car.Count, car.BlockBytes), Is.EqualTo((504L, 2000L + 300_000 + ZstdFrames.MaxContent - 400_000)));
        Assert.That(car.Roots, Is.EqualTo(new[] { blocks[0].Key }));
        foreach ((Cid cid, byte[] block) in blocks)
        {
            Assert.That(car.Get(in cid)!.AsSpan().SequenceEqual(block), Is.True);
        }

        Assert.That(car.Has(Cid.Blake2b256(Multicodec.Raw, [9, 9])), Is.False);
        Assert.That(car.ReadAll().Select(static block => block.Key), Is.EqualTo(blocks.Select(static block => block.Key)));
    }

    [Test]
    public void Skippable_and_empty_frames_may_be_anywhere()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 60, length: 90);
        byte[] header = CarFile.Write([blocks[0].Key]);
        List<byte> file = [.. Skippable, .. CarFile.Zstd([]), .. CarFile.Zstd(header)];
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            file.AddRange([.. Skippable, .. CarFile.Zstd(CarFile.Write([blocks[0].Key], block)[header.Length..]), .. Skippable, .. CarFile.Zstd([])]);
        }

        File.WriteAllBytes(_path, [.. file]);
        using CarStore car = Indexed();

        Assert.That(car.Count, Is.EqualTo(60));
        Assert.That(blocks.All(block => car.Get(block.Key)!.SequenceEqual(block.Value)), Is.True);
    }

    [Test]
    public void A_file_that_is_cut_off_within_a_frame_is_refused([Values] bool hasChecksum)
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 12, length: 90);
        byte[] file = Packed(blocks, perFrame: 4, hasChecksum);
        HashSet<int> ends = [.. Ends(blocks, perFrame: 4, hasChecksum)];
        Assert.That(ends, Has.Count.EqualTo(5));
        for (int length = ends.Min() + 1; length < file.Length; length++)
        {
            File.WriteAllBytes(_path, file[..length]);
            if (ends.Contains(length))
            {
                Assert.DoesNotThrow(() => Indexed().Dispose(), $"{length}");
            }
            else
            {
                Assert.That(
                    Indexed, Throws.TypeOf<CarException>().With.Message.Contains("cut off within a frame of Zstandard"), $"{length} of {file.Length}");
            }
        }
    }

    [Test]
    public void What_is_no_frame_between_frames_is_refused([Values(0, 1, 2)] int frame, [Values("00", "28b52ffc00000000", "502a4d19")] string garbage)
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 12, length: 90);
        byte[] file = Packed(blocks, perFrame: 4);
        int at = Ends(blocks, perFrame: 4)[frame];
        File.WriteAllBytes(_path, [.. file[..at], .. Convert.FromHexString(garbage), .. file[at..]]);

        Assert.That(
            Indexed,
            Throws.TypeOf<CarException>().With.Message.Contains("there is no frame of Zstandard").And.Property(nameof(CarException.Offset)).EqualTo(at));
    }

    [Test]
    public void A_file_that_is_damaged_gives_no_wrong_block([Values] bool hasChecksum)
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 60, length: 90);
        byte[] file = Packed(blocks, perFrame: 7, hasChecksum);
        int refused = 0;
        for (int at = 0; at < file.Length; at += 11)
        {
            byte[] damaged = [.. file];
            damaged[at] ^= 0x5a;
            File.WriteAllBytes(_path, damaged);
            try
            {
                using CarStore car = Indexed();
                Assert.That(blocks.All(block => IsRightOrMissing(car, block)), Is.True, $"byte {at}");
            }
            catch (CarException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(hasChecksum ? file.Length / 20 : 5));
    }

    [Test]
    public void A_file_that_is_damaged_after_it_was_indexed_gives_no_wrong_block()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 60, length: 90);
        byte[] file = Packed(blocks, perFrame: 7);
        int from = Ends(blocks, perFrame: 7)[0];
        int lost = 0;
        for (int at = from; at < file.Length - Skippable.Length; at += 17)
        {
            File.WriteAllBytes(_path, file);
            using CarStore car = Indexed();
            byte[] damaged = [.. file];
            damaged[at] ^= 0x5a;
            File.WriteAllBytes(_path, damaged);
            Assert.That(blocks.All(block => IsRightOrMissing(car, block)), Is.True, $"byte {at}");
            lost += blocks.Count(block => !IsRight(car, block));
        }

        Assert.That(lost, Is.GreaterThan(60 / 7));
    }

    [Test]
    public void A_file_that_is_packed_as_a_whole_cannot_have_an_index()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 5, length: 1_000_000);
        File.WriteAllBytes(_path, CarFile.Zstd(CarFile.Write([blocks[0].Key], blocks)));
        using FileStream file = File.OpenRead(_path);

        Assert.That(CarStore.CanHaveIndex(file, Large), Is.False);
        Assert.That(
            () => CarStore.Open(File.OpenRead(_path), Large with { MaxTotalLength = 1 << 20 }),
            Throws.TypeOf<CarException>().With.Message.Contains("unpack it on disk first (zstd -d)"));
    }

    // Zeros of 256 MiB are a frame of a few KiB, which tells its length or not.
    [Test]
    public void A_frame_that_unpacks_to_more_than_the_bound_is_refused_in_bounded_memory([Values] bool hasSize)
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 12, length: 90);
        byte[] file = Packed(blocks, perFrame: 4);
        int at = Ends(blocks, perFrame: 4)[1];
        File.WriteAllBytes(_path, [.. file[..at], .. CarFile.Zstd(new byte[256 << 20], hasSize: hasSize), .. file[at..]]);
        long before = GC.GetTotalAllocatedBytes();

        Assert.That(Indexed, Throws.TypeOf<CarException>().With.Message.Contains("unpack the file on disk first (zstd -d)"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64 << 20));
    }

    [Test]
    public void A_long_frame_that_is_not_compressible_is_refused_in_words()
    {
        KeyValuePair<Cid, byte[]>[] blocks = [.. CarFile.Blocks(count: 1), .. Incompressible(count: 1, length: ZstdFrames.MaxContent + (128 << 10))];
        File.WriteAllBytes(_path, Packed(blocks, perFrame: 1));

        Assert.That(Indexed, Throws.TypeOf<CarException>().With.Message.Contains("unpack the file on disk first (zstd -d)"));
    }

    [Test]
    public void A_block_that_spans_frames_is_refused_in_words()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 3, length: 1000);
        byte[] file = CarFile.Write([blocks[0].Key], blocks);
        File.WriteAllBytes(_path, [.. CarFile.Zstd(file[..1500]), .. CarFile.Zstd(file[1500..])]);

        Assert.That(Indexed, Throws.TypeOf<CarException>().With.Message.Contains("zstd -d"));
    }

    private static KeyValuePair<Cid, byte[]>[] Incompressible(int count, int length)
    {
        Random random = new(1);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                byte[] block = new byte[length];
                random.NextBytes(block);
                return KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, block), block);
            }),
        ];
    }

    // As Forest writes them: the header in a frame of its own, some whole blocks in each, a skippable frame at the end.
    private static byte[] Packed(KeyValuePair<Cid, byte[]>[] blocks, int perFrame, bool hasChecksum = false, bool hasSize = true) =>
        [.. Frames(blocks, perFrame, hasChecksum, hasSize).SelectMany(static frame => frame)];

    private static int[] Ends(KeyValuePair<Cid, byte[]>[] blocks, int perFrame, bool hasChecksum = false)
    {
        int end = 0;
        return [.. Frames(blocks, perFrame, hasChecksum, hasSize: true).Select(frame => end += frame.Length)];
    }

    private static IEnumerable<byte[]> Frames(KeyValuePair<Cid, byte[]>[] blocks, int perFrame, bool hasChecksum, bool hasSize)
    {
        byte[] header = CarFile.Write([blocks[0].Key]);
        yield return CarFile.Zstd(header, hasChecksum, hasSize);
        foreach (KeyValuePair<Cid, byte[]>[] part in blocks.Chunk(perFrame))
        {
            yield return CarFile.Zstd(CarFile.Write([blocks[0].Key], part)[header.Length..], hasChecksum, hasSize);
        }

        yield return Skippable;
    }

    private static bool IsRight(CarStore car, KeyValuePair<Cid, byte[]> block)
    {
        try
        {
            return car.Get(block.Key) is byte[] found && found.SequenceEqual(block.Value);
        }
        catch (BlockstoreException)
        {
            return false;
        }
    }

    private static bool IsRightOrMissing(CarStore car, KeyValuePair<Cid, byte[]> block)
    {
        try
        {
            return car.Get(block.Key) is not byte[] found || found.SequenceEqual(block.Value);
        }
        catch (BlockstoreException)
        {
            return true;
        }
    }

    private CarStore Indexed()
    {
        FileStream car = File.OpenRead(_path);
        using (FileStream output = File.Create(_index))
        {
            CarIndex.Write(car, output, () => throw new InvalidOperationException("there is one run only"));
        }

        return CarStore.Open(car, CarIndex.TryOpen(_index, car)!, CarReadOptions.Default);
    }
}
