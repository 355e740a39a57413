using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>The cache on disk gives right blocks or none, whatever happened to its files.</summary>
public sealed class BlockFolderTests
{
    private const long Large = 1L << 30;

    private string _path = null!;

    [SetUp]
    public void CreateFolder() => _path = Directory.CreateTempSubdirectory("fvm-blocks-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_path, recursive: true);

    [Test]
    public void Blocks_are_there_after_the_folder_is_opened_again()
    {
        Fill(Large, first: 0, count: 100);
        using BlockFolder folder = BlockFolder.Open(_path, Large);
        Assert.That(folder.Count, Is.EqualTo(100));
        Assert.That(Enumerable.Range(0, 100).Select(number => folder.Get(CidOf(number))), Is.EqualTo(Enumerable.Range(0, 100).Select(BlockOf)));
        Assert.That(folder.Get(CidOf(100)), Is.Null);
    }

    [Test]
    public void Two_processes_write_at_the_same_time()
    {
        using (BlockFolder one = BlockFolder.Open(_path, Large))
        using (BlockFolder other = BlockFolder.Open(_path, Large))
        {
            Parallel.For(0, 400, number => (number % 2 == 0 ? one : other).Put(CidOf(number), BlockOf(number)));
        }

        using BlockFolder both = BlockFolder.Open(_path, Large);
        Assert.That(Enumerable.Range(0, 400).Select(number => both.Get(CidOf(number))), Is.EqualTo(Enumerable.Range(0, 400).Select(BlockOf)));
    }

    [Test]
    public void A_file_that_is_cut_off_anywhere_loses_its_last_blocks_only()
    {
        Fill(Large, first: 0, count: 5);
        string file = Directory.GetFiles(_path).Single();
        byte[] whole = File.ReadAllBytes(file);
        int least = 5;
        for (int length = whole.Length - 1; length >= 0; length--)
        {
            File.WriteAllBytes(file, whole[..length]);
            using BlockFolder folder = BlockFolder.Open(_path, Large);
            int there = Enumerable.Range(0, 5).TakeWhile(number => folder.Has(CidOf(number))).Count();
            Assert.That((folder.Count, there <= least), Is.EqualTo((there, true)), $"{length} bytes");
            least = there;
        }

        Assert.That(least, Is.Zero);
    }

    [Test]
    public void A_file_with_other_bytes_gives_no_wrong_block()
    {
        Fill(Large, first: 0, count: 20);
        string file = Directory.GetFiles(_path).Single();
        byte[] whole = File.ReadAllBytes(file);
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            byte[] broken = [.. whole];
            broken[random.Next(broken.Length)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(file, broken);
            using BlockFolder folder = BlockFolder.Open(_path, Large);
            for (int number = 0; number < 20; number++)
            {
                Assert.That(folder.Get(CidOf(number)), Is.Null.Or.EqualTo(BlockOf(number)));
            }
        }
    }

    [Test]
    public void The_oldest_blocks_are_deleted_beyond_the_bound()
    {
        const long Bound = 8L << 20;
        using (BlockFolder folder = BlockFolder.Open(_path, Bound))
        {
            for (int number = 0; number < 40; number++)
            {
                byte[] block = LargeBlock(number);
                folder.Put(Cid.Blake2b256(Multicodec.Raw, block), block);
                Assert.That(folder.Get(Cid.Blake2b256(Multicodec.Raw, block)), Is.EqualTo(block));
            }
        }

        Assert.That(Directory.GetFiles(_path).Sum(static file => new FileInfo(file).Length), Is.InRange(1L << 20, Bound));
        using BlockFolder again = BlockFolder.Open(_path, Bound);
        Assert.That(again.Has(Cid.Blake2b256(Multicodec.Raw, LargeBlock(0))), Is.False);
        Assert.That(again.Has(Cid.Blake2b256(Multicodec.Raw, LargeBlock(39))), Is.True);
    }

    [Test]
    public void Files_of_others_are_left_alone()
    {
        string other = Path.Combine(_path, "notes.txt");
        File.WriteAllText(other, "mine");
        Fill(1 << 20, first: 0, count: 10);
        Assert.That(File.ReadAllText(other), Is.EqualTo("mine"));
    }

    private static byte[] BlockOf(int number) => [(byte)number, (byte)(number >> 8), .. Enumerable.Repeat((byte)number, number % 60)];

    private static byte[] LargeBlock(int number)
    {
        byte[] block = new byte[512 << 10];
        new Random(number).NextBytes(block);
        return block;
    }

    private static Cid CidOf(int number) => Cid.Blake2b256(Multicodec.Raw, BlockOf(number));

    private void Fill(long bound, int first, int count)
    {
        using BlockFolder folder = BlockFolder.Open(_path, bound);
        for (int number = first; number < first + count; number++)
        {
            folder.Put(CidOf(number), BlockOf(number));
        }
    }
}
