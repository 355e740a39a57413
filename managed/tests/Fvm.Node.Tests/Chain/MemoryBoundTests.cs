using System.Text;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests what is dropped of a long chain, and that long work leaves room for other requests.</summary>
internal sealed class MemoryBoundTests
{
    private const int Kept = 8;

    [Test]
    public async Task States_of_old_blocks_are_dropped_and_asking_for_them_says_so()
    {
        await using TestChain test = TestChain.Create(change: static options => options with { KeepStates = Kept, StateBytes = 1 });
        LocalChain chain = test.Chain;
        EthAddress register = await test.DeployAsync();
        LocalBlock early = chain.Head;
        ulong snapshot = await chain.SnapshotAsync();
        for (int i = 1; i <= 3 * Kept; i++)
        {
            await test.SendAsync(test.Sign(register, Contracts.Word((byte)i)));
        }

        await chain.PruneAsync();
        LocalBlock old = chain.FindBlock(Kept)!;
        Assert.That(() => chain.StateOf(old), Throws.TypeOf<RefusedException>().With.Message.Contains("required historical state unavailable"));
        Assert.That(async () => await chain.CallAsync(new CallRequest { To = register }, old), Throws.TypeOf<RefusedException>());
        Assert.That(async () => await chain.TraceAsync(old), Throws.TypeOf<RefusedException>());
        Assert.That(async () => await chain.RollbackAsync(2 * Kept), Throws.TypeOf<RefusedException>());
        LocalBlock recent = chain.FindBlock(chain.Head.Number - Kept + 1)!;
        CallOutcome read = await chain.CallAsync(new CallRequest { To = register }, recent);
        Assert.That(read.Data, Is.EqualTo(Contracts.Word((3 * Kept) - Kept + 1)));
        Assert.That(await chain.TraceAsync(recent), Has.Count.EqualTo(1));
        Assert.That(chain.StateOf(chain.Genesis).BalanceOf(TestChain.First), Is.EqualTo(TokenAmount.FromWhole(10_000)));

        // A snapshot keeps its state.
        Assert.That(await chain.RevertAsync(snapshot), Is.True);
        Assert.That(chain.Head.Hash, Is.EqualTo(early.Hash));
        LocalMessage again = await test.SendAsync(test.Sign(register, Contracts.Word(77)));
        Assert.That(again.Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public async Task The_memory_of_states_does_not_grow_with_the_number_of_transactions()
    {
        await using TestChain test = TestChain.Create(change: static options => options with { KeepStates = Kept, StateBytes = 1 << 20 });
        EthAddress register = await test.DeployAsync();
        long most = 0;
        for (int i = 1; i <= 200; i++)
        {
            await test.SendAsync(test.Sign(register, Contracts.Word((byte)i)));
            most = Math.Max(most, test.Chain.StateBytes);
        }

        await test.Chain.PruneAsync();
        TestContext.Out.WriteLine($"{most} bytes at most, {test.Chain.StateBytes} after a prune");
        Assert.That(most, Is.LessThan(8 << 20));
        Assert.That(test.Chain.StateBytes, Is.LessThan(2 << 20));
    }

    [Test]
    public async Task Nobody_holds_what_a_prune_has_dropped()
    {
        await using TestChain test = TestChain.Create(change: static options => options with { KeepStates = Kept, StateBytes = 1 << 30 });
        EthAddress register = await test.DeployAsync();
        WeakReference early = StateOf(test.Chain);
        for (int i = 1; i <= 2 * Kept; i++)
        {
            await test.SendAsync(test.Sign(register, Contracts.Word((byte)i)));
        }

        GC.Collect();
        Assert.That(early.IsAlive, Is.True, "before a prune");
        await test.Chain.PruneAsync();
        GC.Collect();
        Assert.That(early.IsAlive, Is.False, "after a prune");

        // In a method of its own, so that no local variable holds the block.
        static WeakReference StateOf(LocalChain chain) => new(chain.Store.Get(chain.Head.State));
    }

    [Test]
    public async Task A_block_comes_back_from_its_bytes_as_it_was()
    {
        await using TestChain test = TestChain.Create();
        EthAddress register = await test.DeployAsync();
        await test.SendAsync(test.Sign(register, Contracts.Word(5)));
        await test.SendAsync(test.Sign(register, [1]));
        await test.Chain.SetMiningAsync(MiningMode.Manual);
        await test.Chain.SendAsync(test.Sign(register, Contracts.Word(6)));
        await test.Chain.SendAsync(test.Sign(register, Contracts.Word(7)));
        await test.Chain.MineAsync();
        foreach (LocalBlock block in test.Chain.Range(0, test.Chain.Head.Number))
        {
            byte[] record = BlockRecord.Encode(block);
            LocalBlock back = BlockRecord.Decode(record, test.Chain.ChainId);
            Assert.That(JsonOf(back, test.Chain.ChainId), Is.EqualTo(JsonOf(block, test.Chain.ChainId)));
            Assert.That((back.State, back.Receipts, back.NextBaseFee), Is.EqualTo((block.State, block.Receipts, block.NextBaseFee)));
            Assert.That(BlockRecord.Encode(back), Is.EqualTo(record));
            for (int length = 0; length < record.Length; length++)
            {
                int cut = length;
                Assert.That(() => BlockRecord.Decode(record.AsSpan(0, cut), test.Chain.ChainId), Throws.InstanceOf<FormatException>());
            }
        }
    }

    [Test]
    public async Task Old_blocks_are_kept_as_bytes_and_the_oldest_not_at_all()
    {
        await using TestChain test = TestChain.Create(change: static options => options with { HistoryBytes = 200_000 });
        LocalChain chain = test.Chain;
        EthAddress register = await test.DeployAsync();
        EthHash first = chain.Head.Messages[0].Hash;
        await chain.MineAsync(50);
        LocalMessage sent = await test.SendAsync(test.Sign(register, Contracts.Word(5)));
        string before = JsonOf(chain.Head, chain.ChainId);
        ulong number = chain.Head.Number;
        await chain.MineAsync(ChainHistory.Recent + 100);
        Assert.That(JsonOf(chain.FindBlock(number)!, chain.ChainId), Is.EqualTo(before));
        Assert.That(chain.FindMessage(sent.Hash)!.Value.Block.Number, Is.EqualTo(number));
        Assert.That(chain.FindMessage(first), Is.Not.Null);

        await chain.MineAsync(500);
        Assert.That(chain.HistoryBytes, Is.LessThanOrEqualTo(200_000));
        Assert.That(() => chain.FindBlock(number), Throws.TypeOf<RefusedException>().With.Message.Contains("no longer kept: the oldest is"));
        Assert.That(() => chain.Range(0, number).Count(), Throws.TypeOf<RefusedException>());
        Assert.That((chain.FindMessage(first), chain.FindBlock(0)!.Number), Is.EqualTo((((LocalBlock, LocalMessage)?)null, 0UL)));
        await chain.RollbackAsync(600);
        await chain.RollbackAsync(chain.Head.Number);
        Assert.That(chain.Head.Hash, Is.EqualTo(chain.Genesis.Hash));
        Assert.That((await test.SendAsync(test.Sign(TestChain.First, []))).Index, Is.Zero);
    }

    [Test]
    public async Task Other_requests_are_answered_while_many_blocks_are_made()
    {
        await using TestChain test = TestChain.Create();
        using CancellationTokenSource stop = new();
        Task<LocalBlock> mining = test.Chain.MineAsync(100_000, stop: stop.Token);
        for (int i = 0; i < 5; i++)
        {
            Task set = test.Chain.SetNonceAsync(TestChain.First, (ulong)i + 1);
            Assert.That(await Task.WhenAny(set, Task.Delay(TimeSpan.FromSeconds(20))), Is.SameAs(set));
        }

        await stop.CancelAsync();
        Assert.That(async () => await mining, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(test.Chain.Head.Number, Is.InRange(1UL, 99_999UL));
        Assert.That(async () => await test.Chain.MineAsync(100_001), Throws.TypeOf<RefusedException>().With.Message.Contains("at most 100000"));
    }

    private static string JsonOf(LocalBlock block, ulong chainId)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            ChainJson.WriteHeader(json, block);
            json.WriteEndObject();
            foreach (LocalMessage message in block.Messages)
            {
                ChainJson.WriteTransaction(json, block, message, chainId);
                ChainJson.WriteReceipt(json, block, message);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
