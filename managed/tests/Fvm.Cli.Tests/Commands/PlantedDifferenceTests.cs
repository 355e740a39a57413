using System.Text.Json;
using Fvm.Chain;
using Fvm.Chain.Tests;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>
/// <c>fvm chain replay</c> of a chain with a planted difference: the message is named, and written as a vector that shows the difference alone.
/// </summary>
public sealed class PlantedDifferenceTests : CommandFixture
{
    private readonly EnginePool _pool = new(new EnginePoolOptions());
    private readonly MemoryBlockstore _output = new();
    private LotusChains.Recorded _chain = null!;
    private ReplayItem _item;
    private TipsetResult _result = null!;
    private IReadOnlyList<KeyValuePair<Cid, byte[]>> _blocks = [];

    [OneTimeSetUp]
    public void FindATipsetWithMessages() => Find(3, int.MaxValue);

    private void Find(int least, int most)
    {
        IEnumerable<LotusChains.Recorded> chains = LotusChains.All.Where(static chain => chain.Upgrades == "-1:29");
        ChainReader reader = chains.Any()
            ? new ChainReader(LotusChains.Open())
            : throw new IgnoreException("there are no recorded chains in the reference material");
        foreach (LotusChains.Recorded chain in chains)
        {
            TipsetExecutor executor = new(_pool, reader, chain.Network);
            ReplayItem[] found = [.. new ChainReplayer(executor).Plan(reader.Load(chain.Head), new ChainEpoch(0), new ChainEpoch(long.MaxValue))
                .Where(item => item.Tipset.Blocks.Sum(block => reader.MessagesOf(block).Count) is int count && count >= least && count <= most)
                .Take(1)];
            if (found.Length > 0)
            {
                (_chain, _item) = (chain, found[0]);
                _result = ExecutionThread.Run(() => executor.Execute(_item.Tipset, _output, ExecutionDetail.States));
                using EnginePool fresh = new(new EnginePoolOptions());
                ChainExporter exporter = new(fresh, LotusChains.Open(), chain.Network);
                _ = ExecutionThread.Run(() => exporter.Check(_item));
                using MemoryStream file = new();
                exporter.Write(file, _item.Child);
                _blocks = [.. CarBlockstore.Load(file.ToArray()).Blocks];
                return;
            }
        }

        throw new IgnoreException($"no recorded chain has a tipset of {least} to {most} messages");
    }

    [OneTimeTearDown]
    public void Release() => _pool.Dispose();

    [Test]
    public void A_chain_without_a_planted_difference_is_equal() =>
        Assert.That(Replay(static child => child, new MemoryBlockstore()).ExitCode, Is.Zero);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_wrong_receipt_is_found_at_its_message_and_its_vector_shows_it(int wrong)
    {
        int[] numbers = [.. Enumerable.Range(0, _result.Messages.Count).Where(number => _result.Messages[number].Source is not null)];
        MemoryBlockstore planted = new();
        Amt receipts = new(planted, version: AmtVersion.V0);
        receipts.BatchSet(numbers.Select((number, index) => _result.Messages[number].Ret.Receipt is Receipt receipt && index == wrong
            ? (ReadOnlyMemory<byte>)(receipt with { GasUsed = receipt.GasUsed + 1 }).Encode()
            : _result.Messages[number].Ret.Receipt.Encode()));
        Cid root = receipts.Flush();

        CommandResult result = Replay(child => child with { ParentReceipts = root }, planted, "--json");

        AppliedMessage message = _result.Messages[numbers[wrong]];
        JsonElement report = JsonDocument.Parse(result.OutputLines[0]).RootElement;
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
        Assert.That(report.GetProperty("message").GetInt32(), Is.EqualTo(numbers[wrong]));
        Assert.That(report.GetProperty("message_cid").GetString(), Is.EqualTo(message.Source!.Cid.ToString()));
        CommandResult alone = CommandResult.Of("run", report.GetProperty("vector").GetString()!);
        ulong gas = message.Ret.Receipt.GasUsed;
        Assert.That(alone.ExitCode, Is.EqualTo(1), alone.Output + alone.Errors);
        Assert.That(alone.Output, Does.Contain($"message 0: gas_used is {gas}, expected {gas + 1}"));
    }

    [Test]
    public void A_wrong_account_is_found_at_the_only_message_of_its_sender_and_the_vector_shows_it()
    {
        Find(1, 1);
        try
        {
            LayeredBlockstore states = new(_output, LotusChains.Open());
            int number = Enumerable.Range(0, _result.Messages.Count).Single(index => _result.Messages[index].Source is not null);
            MemoryBlockstore planted = new();
            LayeredBlockstore store = new(planted, states);
            StateTree tree = StateTree.Load(store, _result.State, StateRoot.Decode(store.Get(_result.State)!).Version);
            ActorId sender = tree.LookupId(_result.Messages[number].Message.From)!.Value;
            ActorState account = tree.GetActor(sender)!;
            tree.SetActor(sender, account with { Balance = account.Balance + TokenAmount.FromAtto(1L) });
            Cid root = tree.Flush();

            CommandResult result = Replay(child => child with { ParentState = root }, planted);

            Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
            Assert.That(result.Output, Does.Contain($"message {number} of {_result.Messages.Count} ({_result.Messages[number].Source!.Cid})"));
            string[] fields = [.. result.OutputLines.Where(static line => line.Contains(".balance: ", StringComparison.Ordinal))];
            Assert.That(fields, Has.Length.EqualTo(1), result.Output);
            Assert.That(fields[0], Does.Contain($"f0{sender}").And.Contain("the chain has"));
            CommandResult alone = CommandResult.Of("run", Directory.GetFiles(Files.PathOf("differences"), "*.json").Single());
            Assert.That(alone.ExitCode, Is.EqualTo(1), alone.Output + alone.Errors);
            Assert.That(alone.Output, Does.Contain($"state root is {_result.State}, expected {root}"));
        }
        finally
        {
            Find(3, int.MaxValue);
        }
    }

    [Test]
    public void A_folder_that_is_not_there_is_refused()
    {
        string file = Write(static child => child, new MemoryBlockstore());
        CommandResult result = CommandResult.Of(
            "chain", "replay", "--snapshot", file, "--upgrades", _chain.Upgrades, "--out", Files.PathOf("nowhere"));
        Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((2, 1)));
        Assert.That(result.Errors, Does.Contain("--out: there is no folder"));
    }

    [Test]
    public void The_tipset_runs_on_two_sides_of_a_comparison()
    {
        string[] chain = ["--snapshot", Write(static child => child, new MemoryBlockstore()), "--upgrades", _chain.Upgrades];
        CommandResult result = CommandResult.Of(["diff", "interpreter", "interpreter", .. chain, "--from", $"{_item.Tipset.Epoch}"]);

        int machines = _result.Messages.Select(static message => message.Machine).Distinct().Count();
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        Assert.That(
            result.OutputLines[^1], Is.EqualTo($"{machines} same, 0 different, 0 unusable, 0 skipped ({_result.Messages.Count} messages)"));
    }

    [Test]
    public void A_message_and_an_epoch_are_taken_out_of_the_chain_as_vectors_with_the_results_of_the_tipset()
    {
        string[] chain = ["--snapshot", Write(static child => child, new MemoryBlockstore()), "--upgrades", _chain.Upgrades];
        string vector = Files.PathOf("taken.json");
        AppliedMessage message = _result.Messages.Last(static message => message.Source is not null);
        string[] named = ["--message", message.Source!.Cid.ToString(), "--out", vector];
        CommandResult one = CommandResult.Of(["vector", "extract", .. chain, .. named]);
        Assert.That(one.ExitCode, Is.Zero, one.Errors);
        Assert.That(CommandResult.Of("run", vector).OutputLines[^1], Is.EqualTo("1 passed, 0 failed, 0 skipped"));
        using (JsonDocument taken = JsonDocument.Parse(File.ReadAllText(vector)))
        {
            JsonElement receipt = taken.RootElement.GetProperty("postconditions").GetProperty("receipts")[0];
            Assert.That(receipt.GetProperty("gas_used").GetUInt64(), Is.EqualTo(message.Ret.Receipt.GasUsed));
        }

        string epoch = $"{_item.Tipset.Epoch}";
        CommandResult all = CommandResult.Of(["vector", "extract", .. chain, "--epoch", epoch, "--out", vector]);
        Assert.That(all.ExitCode, Is.Zero, all.Errors);
        Assert.That(CommandResult.Of("run", vector).OutputLines[^1], Is.EqualTo("1 passed, 0 failed, 0 skipped"));

        CommandResult missing = CommandResult.Of(["vector", "extract", .. chain, "--message", _result.State.ToString(), "--epoch", epoch, "--out", vector]);
        Assert.That(missing.ExitCode, Is.EqualTo(2));
        Assert.That(missing.ErrorLines.Single(), Does.Contain("does not execute the message"));
    }

    private CommandResult Replay(Func<BlockHeader, BlockHeader> change, MemoryBlockstore planted, params string[] more)
    {
        string folder = Directory.CreateDirectory(Files.PathOf("differences")).FullName;
        string epoch = $"{_item.Tipset.Epoch}";
        string[] chain = ["chain", "replay", "--snapshot", Write(change, planted), "--upgrades", _chain.Upgrades];
        return CommandResult.Of([.. chain, "--from", epoch, "--out", folder, .. more]);
    }

    private string Write(Func<BlockHeader, BlockHeader> change, MemoryBlockstore planted)
    {
        string file = Files.PathOf("planted.car");
        BlockHeader child = change(_item.Child.First);
        using CarWriter writer = new(File.Create(file), [child.ToCid()]);
        writer.Write(child.ToCid(), child.Encode());
        writer.WriteMany(_blocks);
        writer.WriteMany(planted.Snapshot());
        return file;
    }
}
