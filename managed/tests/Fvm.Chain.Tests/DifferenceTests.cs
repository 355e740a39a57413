using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Planted differences are found, at the right place.</summary>
public sealed class DifferenceTests
{
    private readonly EnginePool _pool = new(new EnginePoolOptions());
    private readonly MemoryBlockstore _written = new(threadSafe: true);
    private TipsetExecutor _executor = null!;
    private ReplayItem _item;

    [OneTimeSetUp]
    public void FindATipsetWithMessages()
    {
        LotusChains.Recorded chain = LotusChains.All.Where(static chain => chain.Upgrades == "-1:29").OrderBy(static chain => chain.Tipsets)
            .FirstOrDefault(static chain => chain.Name.StartsWith("TestFEVMBasic", StringComparison.Ordinal))
            ?? throw new IgnoreException("there are no recorded chains in the reference material");
        ChainReader reader = new(new LayeredBlockstore(_written, LotusChains.Open()));
        _executor = new TipsetExecutor(_pool, reader, chain.Network);
        _item = new ChainReplayer(_executor).Plan(reader.Load(chain.Head), new ChainEpoch(0), new ChainEpoch(long.MaxValue))
            .First(item => item.Tipset.Blocks.Sum(block => reader.MessagesOf(block).Count) > 0);
    }

    [OneTimeTearDown]
    public void Release() => _pool.Dispose();

    [Test]
    public void A_tipset_of_the_chain_is_equal() => Assert.That(Check(static child => child).Status, Is.EqualTo(TipsetStatus.Equal));

    [Test]
    public void A_wrong_receipt_is_found_at_its_message()
    {
        TipsetResult result = ExecutionThread.Run(() => _executor.Execute(_item.Tipset, new MemoryBlockstore()));
        AppliedMessage[] messages = [.. result.Messages.Where(static message => message.Source is not null)];
        int wrong = messages.Length - 1;
        Receipt[] receipts = [.. messages.Select(static message => message.Ret.Receipt)];
        receipts[wrong] = receipts[wrong] with { GasUsed = receipts[wrong].GasUsed + 1 };
        Cid root = ReceiptsRoot.Write(_written, receipts, withEvents: true);

        TipsetReport report = Check(child => child with { ParentReceipts = root });

        Assert.That(report.Status, Is.EqualTo(TipsetStatus.Different));
        Assert.That(report.Differences.Select(static difference => difference.What), Is.EqualTo(
            (string[])["receipts root", $"receipt of message {wrong} ({messages[wrong].Source!.Cid})"]));
    }

    [Test]
    public void A_missing_receipt_is_found()
    {
        Cid root = ReceiptsRoot.Write(_written, [], withEvents: true);
        Assert.That(
            Check(child => child with { ParentReceipts = root }).Differences.Select(static difference => difference.What),
            Is.EqualTo((string[])["receipts root", "number of messages"]));
    }

    [Test]
    public void A_wrong_state_is_found_at_its_actor()
    {
        StateTree tree = _executor.Reader.OpenState(_item.Child.First.ParentState);
        ActorState burnt = tree.GetActor(ActorId.BurntFunds)!;
        tree.SetActor(ActorId.BurntFunds, burnt with { Balance = burnt.Balance + TokenAmount.FromAtto(1L) });
        Cid root = tree.Flush();

        TipsetReport report = Check(child => child with { ParentState = root });

        Assert.That(report.Differences.Select(static difference => difference.What), Is.EqualTo((string[])["state root", "actor f099"]));
    }

    [Test]
    public void A_wrong_account_is_found_at_the_only_message_of_its_sender()
    {
        TipsetResult result = ExecutionThread.Run(() => _executor.Execute(_item.Tipset, new MemoryBlockstore()));
        int number = Enumerable.Range(0, result.Messages.Count).First(index => result.Messages[index].Source is not null);
        StateTree tree = _executor.Reader.OpenState(_item.Child.First.ParentState);
        ActorId sender = tree.LookupId(result.Messages[number].Message.From)!.Value;
        ActorState account = tree.GetActor(sender)!;
        tree.SetActor(sender, account with { Sequence = account.Sequence + 1 });
        Cid root = tree.Flush();
        ReplayItem planted = _item with { Child = Tipset.Create([_item.Child.First with { ParentState = root }]) };

        DifferencePlace place = ExecutionThread.Run(() => new DifferenceFinder(_executor).Find(planted, new MemoryBlockstore()));

        Assert.That((place.Message, place.IsByReceipt), Is.EqualTo(((int?)number, false)));
    }

    [Test]
    public void A_state_that_is_not_there_is_named_by_its_root_only()
    {
        Cid root = Cid.Blake2b256(Multicodec.DagCbor, [0x81, 0x00]);
        Assert.That(
            Check(child => child with { ParentState = root }).Differences,
            Is.EqualTo((TipsetDifference[])[new("state root", _item.Child.First.ParentState.ToString(), root.ToString())]));
    }

    [Test]
    public void A_wrong_base_fee_is_found() =>
        Assert.That(
            Check(static child => child with { BaseFee = child.BaseFee + TokenAmount.FromAtto(1L) }).Differences.Single().What,
            Is.EqualTo("base fee"));

    [Test]
    public void A_tipset_without_its_parents_state_is_skipped()
    {
        BlockHeader orphan = _item.Tipset.First with { ParentState = Cid.Blake2b256(Multicodec.DagCbor, [0x82]) };
        TipsetReport report = new ChainReplayer(_executor).Check(new ReplayItem(Tipset.Create([orphan]), _item.Child));
        Assert.That((report.Status, report.Note), Is.EqualTo((TipsetStatus.Skipped, $"the parents' state {orphan.ParentState} is not there")));
    }

    [Test]
    public void A_tipset_with_missing_messages_is_incomplete_and_says_so()
    {
        BlockHeader broken = _item.Tipset.First with { Messages = Cid.Blake2b256(Multicodec.DagCbor, [0x83]) };
        TipsetReport report = new ChainReplayer(_executor).Check(new ReplayItem(Tipset.Create([broken]), _item.Child));
        Assert.That((report.Status, report.Note), Is.EqualTo((TipsetStatus.Incomplete, $"the block {broken.Messages} is not there")));
    }

    private TipsetReport Check(Func<BlockHeader, BlockHeader> change)
    {
        ReplayItem planted = _item with { Child = Tipset.Create([change(_item.Child.First)]) };
        return ExecutionThread.Run(() => new ChainReplayer(_executor).Check(planted));
    }
}
