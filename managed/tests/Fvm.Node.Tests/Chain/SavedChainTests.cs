using Fvm.Files;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests chains in folders and their copies.</summary>
internal sealed class SavedChainTests
{
    private string _folder = null!;

    private string JournalPath => Path.Combine(_folder, "chain.car");

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("fvm-node-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_node_goes_on_with_blocks_states_and_waiting_messages()
    {
        EthAddress register;
        EthHash waiting;
        LocalBlock head;
        await using (TestChain test = Open())
        {
            register = await test.DeployAsync();
            await test.SendAsync(test.Sign(register, Contracts.Word(5)));
            ulong snapshot = await test.Chain.SnapshotAsync();
            await test.SendAsync(test.Sign(register, Contracts.Word(6)));
            await test.Chain.RevertAsync(snapshot);
            await test.Chain.SetNonceAsync(TestChain.Accounts[2].EthAddress, 9);
            await test.Chain.SetStorageAsync(register, new EthHash(Contracts.Word(1)), new EthHash(Contracts.Word(77)));
            await test.Chain.SetMiningAsync(MiningMode.Manual);
            waiting = await test.Chain.SendAsync(test.Sign(register, Contracts.Word(7)));
            await test.Chain.SetNextBaseFeeAsync(TokenAmount.FromAtto(12_345L));
            head = test.Chain.Head;
        }

        await using TestChain again = Open();
        Assert.That((again.Chain.Head.Hash, again.Chain.Head.State), Is.EqualTo((head.Hash, head.State)));
        Assert.That(again.Chain.FindBlock(1)!.Messages[0].Created, Is.EqualTo(register));
        Assert.That(again.Chain.StateOf(again.Chain.Head).NonceOf(TestChain.Accounts[2].EthAddress), Is.EqualTo(9));
        Assert.That(await again.Chain.StorageAsync(register, new EthHash(Contracts.Word(1)), again.Chain.Head), Is.EqualTo(new EthHash(Contracts.Word(77))));
        Assert.That(again.Chain.Pool.Find(waiting), Is.Not.Null);
        Assert.That(again.Chain.NextBaseFee, Is.EqualTo(TokenAmount.FromAtto(12_345L)));
        LocalBlock mined = await again.Chain.MineAsync();
        Assert.That(mined.Messages.Single().Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(await again.Chain.StorageAsync(register, default, mined), Is.EqualTo(new EthHash(Contracts.Word(7))));
        Assert.That(again.Chain.Pool.Count, Is.Zero);
    }

    [Test]
    public async Task Wherever_the_file_ends_the_node_starts_at_a_block_that_was_saved()
    {
        List<(long Length, EthHash Head)> saved = [];
        await using (TestChain test = Open())
        {
            saved.Add((new FileInfo(JournalPath).Length, test.Chain.Head.Hash));
            EthAddress register = await test.DeployAsync();
            saved.Add((new FileInfo(JournalPath).Length, test.Chain.Head.Hash));
            await test.SendAsync(test.Sign(register, Contracts.Word(5)));
            saved.Add((new FileInfo(JournalPath).Length, test.Chain.Head.Hash));
        }

        byte[] whole = await File.ReadAllBytesAsync(JournalPath);
        Random random = new(5);
        long[] lengths = [.. saved.Select(static each => each.Length), whole.Length - 1, saved[1].Length - 1, saved[1].Length + 1,
            .. Enumerable.Range(0, 12).Select(_ => random.NextInt64(saved[0].Length, whole.Length))];
        foreach (long length in lengths)
        {
            await File.WriteAllBytesAsync(JournalPath, whole[..(int)length]);
            EthHash expected = saved.Last(each => each.Length <= length).Head;
            await using (TestChain test = Open())
            {
                Assert.That(test.Chain.Head.Hash, Is.EqualTo(expected), $"{length} bytes");
                await test.SendAsync(test.Sign(TestChain.First, []));
            }

            await using TestChain next = Open();
            Assert.That(next.Chain.ParentOf(next.Chain.Head)!.Hash, Is.EqualTo(expected), $"{length} bytes");
        }
    }

    [Test]
    public async Task A_damaged_folder_and_one_in_use_are_refused_in_one_line()
    {
        await using (TestChain test = Open())
        {
            await test.DeployAsync();
            Assert.That(Open, Throws.TypeOf<FileException>().With.Message.Contains("another node uses it"));
        }

        Assert.That(
            () => TestChain.Create(change: options => options with { DataFolder = _folder, ChainId = 1 }),
            Throws.TypeOf<FileException>().With.Message.Contains("--chain-id 31415926"));
        Assert.That(
            () => TestChain.Create(version: 27, actors: 17, change: options => options with { DataFolder = _folder }),
            Throws.TypeOf<FileException>().With.Message.Contains("--nv 28"));
        byte[] whole = await File.ReadAllBytesAsync(JournalPath);
        Random random = new(7);
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(JournalPath, damaged);
            try
            {
                // A length that now goes beyond the end looks as if the file ended there.
                await using TestChain test = Open();
                Assert.That(test.Chain.Head.Number, Is.LessThanOrEqualTo(1));
            }
            catch (FileException exception)
            {
                Assert.That(exception.Message, Does.StartWith(JournalPath).And.Not.Contains("\n"));
            }
        }
    }

    [Test]
    public async Task A_copy_brings_a_chain_to_another_node()
    {
        await using TestChain test = TestChain.Create();
        EthAddress register = await test.DeployAsync();
        await test.SendAsync(test.Sign(register, Contracts.Word(5)));
        using MemoryStream copy = new();
        await test.Chain.WriteCopyAsync(copy);
        byte[] bytes = copy.ToArray();
        TestContext.Out.WriteLine($"{bytes.Length} bytes");

        EthHash head;
        await using (TestChain other = TestChain.Create(change: options => options with { DataFolder = _folder, GenesisTime = 1_600_000_000 }))
        {
            await other.SendAsync(other.Sign(TestChain.First, []));
            await other.Chain.LoadCopyAsync(new MemoryStream(bytes));
            Assert.That(other.Chain.Head.Hash, Is.EqualTo(test.Chain.Head.Hash));
            Assert.That(await other.Chain.StorageAsync(register, default, other.Chain.Head), Is.EqualTo(new EthHash(Contracts.Word(5))));
            await other.SendAsync(other.Sign(register, Contracts.Word(6)));
            head = other.Chain.Head.Hash;
        }

        await using (TestChain again = Open())
        {
            Assert.That(again.Chain.Head.Hash, Is.EqualTo(head));
        }

        for (int i = 0; i < 20; i++)
        {
            byte[] cut = bytes[..(bytes.Length * i / 20)];
            Assert.That(async () => await test.Chain.LoadCopyAsync(new MemoryStream(cut)), Throws.TypeOf<RefusedException>());
        }

        Assert.That(
            async () => await test.Chain.LoadCopyAsync(new MemoryStream(bytes), maxBytes: 10_000),
            Throws.TypeOf<RefusedException>().With.Message.Contains("longer than the bound of 10000 bytes"));
        Assert.That(async () => await test.Chain.WriteCopyAsync(Stream.Null, maxBytes: 1_000), Throws.TypeOf<RefusedException>());
        Assert.That(test.Chain.Head.Number, Is.EqualTo(2));
    }

    [Test]
    public async Task A_file_that_grows_is_replaced_by_a_smaller_one()
    {
        await using TestChain test = TestChain.Create(change: options => options with { DataFolder = _folder, KeepStates = 4 });
        long first = new FileInfo(JournalPath).Length;
        await test.Chain.MineAsync(200);
        long grown = new FileInfo(JournalPath).Length;
        await test.Chain.LoadCopyAsync(await CopyOf(test.Chain));
        Assert.That(new FileInfo(JournalPath).Length, Is.InRange(first, grown - 1));
    }

    private static async Task<MemoryStream> CopyOf(LocalChain chain)
    {
        MemoryStream copy = new();
        await chain.WriteCopyAsync(copy);
        copy.Position = 0;
        return copy;
    }

    private TestChain Open() => TestChain.Create(change: options => options with { DataFolder = _folder });
}
