using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>Indexes of CAR files in files of their own.</summary>
public sealed class CarIndexTests
{
    private DirectoryInfo _folder = null!;
    private string _car = null!;
    private string _index = null!;

    [SetUp]
    public void Make()
    {
        _folder = Directory.CreateTempSubdirectory("fvm-index-");
        _car = Path.Combine(_folder.FullName, "a.car");
        _index = Path.Combine(_folder.FullName, "a.index");
    }

    [TearDown]
    public void Remove() => _folder.Delete(recursive: true);

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(3000)]
    [TestCase(100_000)]
    public void Every_block_is_found_and_nothing_else(int count)
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count);
        File.WriteAllBytes(_car, CarFile.Write([blocks[0].Key], blocks));
        Index();
        using CarStore car = Open();

        Assert.That((car.Count, car.BlockBytes), Is.EqualTo(((long)count, 4L * count)));
        Assert.That(car.Roots, Is.EqualTo(new[] { blocks[0].Key }));
        foreach ((Cid cid, byte[] block) in blocks)
        {
            Assert.That(car.Get(in cid), Is.EqualTo(block));
        }

        Assert.That(car.Has(Cid.Blake2b256(Multicodec.Raw, [9, 9])), Is.False);
        Assert.That(new FileInfo(_index).Length, Is.LessThan((18L * count) + 1000));
    }

    [Test]
    public void A_CARv2_file_is_indexed()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 50);
        byte[] inner = CarFile.Write([blocks[3].Key], blocks);
        byte[] head = CarV2Tests.Head(51, (ulong)inner.Length);
        File.WriteAllBytes(_car, [.. head, .. inner, 1, 2, 3]);
        Assert.That(head, Has.Length.EqualTo(51));
        Index();
        using CarStore car = Open();

        Assert.That(car.Roots, Is.EqualTo(new[] { blocks[3].Key }));
        Assert.That(blocks.All(block => car.Get(block.Key)!.SequenceEqual(block.Value)), Is.True);
    }

    [Test]
    public void A_block_that_is_there_many_times_is_found()
    {
        KeyValuePair<Cid, byte[]> block = CarFile.Blocks(count: 1)[0];
        File.WriteAllBytes(_car, CarFile.Write([block.Key], [.. Enumerable.Repeat(block, 1000)]));
        Index();
        using CarStore car = Open();

        Assert.That(car.Get(block.Key), Is.EqualTo(block.Value));
        Assert.That(car.Count, Is.EqualTo(1000));
    }

    [Test]
    public void Entries_are_sorted_in_runs_on_disk()
    {
        Random random = new(1);
        CarEntry[] entries = [.. Enumerable.Range(0, 10_000).Select(index => new CarEntry((ulong)random.NextInt64() % 5000, index))];
        string scratch = Path.Combine(_folder.FullName, "scratch");
        using CarEntrySorter sorter = new(() => new FileStream(scratch, FileMode.CreateNew, FileAccess.ReadWrite)) { RunLength = 777 };
        foreach (CarEntry entry in entries)
        {
            sorter.Add(entry);
        }

        Assert.That(sorter.Count, Is.EqualTo(entries.Length));
        Assert.That(sorter.Sorted(), Is.EqualTo(entries.Order()));
        Assert.That(File.Exists(scratch), Is.True, "there was more than one run");
    }

    [Test]
    public void The_index_of_another_file_does_not_fit()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 300);
        byte[] file = CarFile.Write([blocks[0].Key], blocks);
        File.WriteAllBytes(_car, file);
        DateTime time = File.GetLastWriteTimeUtc(_car);
        Index();
        Assert.That(TryOpen(), Is.True);

        File.SetLastWriteTimeUtc(_car, time.AddSeconds(1));
        Assert.That(TryOpen(), Is.False, "another time");

        File.WriteAllBytes(_car, [.. file, .. CarFile.Write([blocks[0].Key], CarFile.Blocks(count: 1))[^40..]]);
        File.SetLastWriteTimeUtc(_car, time);
        Assert.That(TryOpen(), Is.False, "another length");

        file[^1] ^= 1;
        File.WriteAllBytes(_car, file);
        File.SetLastWriteTimeUtc(_car, time);
        Assert.That(TryOpen(), Is.False, "other bytes");
    }

    [Test]
    public void A_damaged_index_is_none_or_hides_blocks_but_gives_no_wrong_one()
    {
        KeyValuePair<Cid, byte[]>[] blocks = CarFile.Blocks(count: 300);
        File.WriteAllBytes(_car, CarFile.Write([blocks[0].Key], blocks));
        Index();
        byte[] index = File.ReadAllBytes(_index);
        int entries = 300 * CarEntry.Size;
        int refused = 0;
        for (int at = 0; at < index.Length; at += at < entries ? Math.Min(37, entries - at) : 1)
        {
            byte[] damaged = [.. index];
            damaged[at] ^= 0x55;
            File.WriteAllBytes(_index, damaged);
            using FileStream car = File.OpenRead(_car);
            using CarIndex? opened = CarIndex.TryOpen(_index, car);
            refused += opened is null ? 1 : 0;
            Assert.That(opened is null || at < entries, Is.True, $"byte {at} is sealed");
            if (opened is not null)
            {
                CarStore store = CarStore.Open(car, opened, CarReadOptions.Default);
                Assert.That(blocks.All(block => store.Get(block.Key) is not byte[] found || found.SequenceEqual(block.Value)), Is.True, $"byte {at}");
            }
        }

        Assert.That(refused, Is.EqualTo(index.Length - entries));
        File.WriteAllBytes(_index, index[..^1]);
        Assert.That(TryOpen(), Is.False, "cut off");
        File.WriteAllBytes(_index, []);
        Assert.That(TryOpen(), Is.False, "empty");
        File.Delete(_index);
        Assert.That(TryOpen(), Is.False, "none");
    }

    private void Index()
    {
        using FileStream car = File.OpenRead(_car);
        using FileStream output = File.Create(_index);
        CarIndex.Write(car, output, () => throw new InvalidOperationException("there is one run only"));
    }

    private bool TryOpen()
    {
        using FileStream car = File.OpenRead(_car);
        using CarIndex? index = CarIndex.TryOpen(_index, car);
        return index is not null;
    }

    private CarStore Open()
    {
        FileStream car = File.OpenRead(_car);
        return CarStore.Open(car, CarIndex.TryOpen(_index, car)!, CarReadOptions.Default);
    }
}
