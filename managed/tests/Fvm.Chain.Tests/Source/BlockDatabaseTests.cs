using System.Runtime.InteropServices;
using Fvm.Files;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Blocks in a database.</summary>
public sealed class BlockDatabaseTests
{
    private static readonly KeyValuePair<Cid, byte[]>[] Blocks =
    [
        .. Enumerable.Range(0, 500).Select(static number =>
        {
            byte[] block = new byte[number * 7];
            block.AsSpan().Fill((byte)number);
            return KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, block), block);
        }),
    ];

    private string _path = string.Empty;

    [SetUp]
    public void CreateFolder()
    {
        if (!NativeLibrary.TryLoad("liblmdb.so.0", out _))
        {
            Assert.Ignore("the system has no LMDB (liblmdb0)");
        }

        _path = Path.Combine(Directory.CreateTempSubdirectory("fvm-store-").FullName, "store");
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (_path.Length > 0)
        {
            Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
        }
    }

    [Test]
    public void Blocks_and_heads_are_there_after_the_store_is_opened_again()
    {
        using (BlockDatabase store = BlockDatabase.Open(_path))
        {
            Assert.That(store.Heads, Is.Empty);
            store.PutMany(Blocks);
            Assert.That(Has(store, Blocks), Is.EqualTo(500), "before they are written");
            store.Heads = [Blocks[3].Key, Blocks[5].Key];
        }

        using BlockDatabase again = BlockDatabase.Open(_path);
        Assert.That(again.Count, Is.EqualTo(500));
        Assert.That(Has(again, Blocks), Is.EqualTo(500));
        Assert.That(again.Heads, Is.EqualTo(new[] { Blocks[3].Key, Blocks[5].Key }));
        Assert.That(again.Get(Cid.Blake2b256(Multicodec.Raw, [9, 9])), Is.Null);
    }

    [Test]
    public void What_was_put_is_kept_without_a_flush()
    {
        using (BlockDatabase store = BlockDatabase.Open(_path))
        {
            store.Put(Blocks[7].Key, Blocks[7].Value);
        }

        using BlockDatabase again = BlockDatabase.Open(_path);
        Assert.That(Has(again, Blocks), Is.EqualTo(1));
    }

    [Test]
    public void Many_threads_read_and_write_at_the_same_time()
    {
        using BlockDatabase store = BlockDatabase.Open(_path);
        int found = 0;
        Parallel.For(0, 16, thread =>
        {
            foreach ((Cid cid, byte[] block) in Blocks)
            {
                store.Put(in cid, block);
                if (thread % 4 == 0 && cid == Blocks[100].Key)
                {
                    store.Flush();
                }

                Interlocked.Add(ref found, store.Get(in cid)!.AsSpan().SequenceEqual(block) ? 1 : 0);
            }
        });
        store.Flush();

        Assert.That(found, Is.EqualTo(16 * 500));
        Assert.That(store.Count, Is.EqualTo(500));
    }

    [Test]
    public void A_damaged_block_is_missing_and_may_be_put_again()
    {
        byte[] block = [.. "a block that is easy to find in the file"u8];
        Cid cid = Cid.Blake2b256(Multicodec.Raw, block);
        using (BlockDatabase store = BlockDatabase.Open(_path))
        {
            store.Put(in cid, block);
        }

        string file = Path.Combine(_path, "data.mdb");
        byte[] bytes = File.ReadAllBytes(file);
        int at = bytes.AsSpan().IndexOf(block);
        Assert.That(at, Is.Positive);
        bytes[at + 4] ^= 1;
        File.WriteAllBytes(file, bytes);
        using (BlockDatabase damaged = BlockDatabase.Open(_path))
        {
            Assert.That(damaged.Get(in cid), Is.Null);
            damaged.Put(in cid, block);
        }

        using BlockDatabase mended = BlockDatabase.Open(_path);
        Assert.That(mended.Get(in cid), Is.EqualTo(block));
    }

    [Test]
    public void A_folder_with_another_file_is_refused_in_words()
    {
        Directory.CreateDirectory(_path);
        File.WriteAllBytes(Path.Combine(_path, "data.mdb"), new byte[20_000]);

        Assert.That(
            () => BlockDatabase.Open(_path),
            Throws.TypeOf<FileException>().With.Message.StartsWith($"{_path}: LMDB: ").And.Message.Not.Contains("\n"));
    }

    [Test]
    public void A_file_in_the_place_of_the_folder_is_refused_in_words()
    {
        File.WriteAllText(_path, "x");

        Assert.That(() => BlockDatabase.Open(_path), Throws.TypeOf<FileException>().With.Message.StartsWith($"{_path}: "));
    }

    [Test]
    public void What_a_node_gives_is_kept_in_the_store()
    {
        MemoryBlockstore blocks = new(threadSafe: true);
        blocks.PutMany(Blocks);
        using FaultyNode node = new(blocks, [Blocks[0].Key]);
        using (RpcChain rpc = new(RpcEndpoint.Parse(node.Url, null), new RpcSettings()))
        using (BlockDatabase store = BlockDatabase.Open(_path))
        {
            Assert.That(Has(new ChainBlocks(1 << 20, store, rpc.Blocks), Blocks), Is.EqualTo(500));
        }

        node.Dispose();
        using BlockDatabase again = BlockDatabase.Open(_path);
        Assert.That(Has(again, Blocks), Is.EqualTo(500));
    }

    private static int Has(IBlockstore store, KeyValuePair<Cid, byte[]>[] blocks) =>
        blocks.Count(block => store.Get(block.Key) is byte[] found && found.AsSpan().SequenceEqual(block.Value));
}
