using System.Text.Json;
using Fvm.Chain;
using Fvm.Chain.Tests;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary><c>fvm chain show</c> and <c>bench</c> on an exported part of a recorded chain.</summary>
public sealed class ChainShowCommandTests : CommandFixture
{
    private LotusChains.Recorded _chain = null!;
    private byte[] _car = [];
    private ReplayItem _item;
    private TipsetResult _result = null!;

    private string Snapshot
    {
        get
        {
            string file = Files.PathOf("part.car");
            File.WriteAllBytes(file, _car);
            return file;
        }
    }

    [OneTimeSetUp]
    public void ExportATipsetWithAContract()
    {
        _chain = LotusChains.All.FirstOrDefault(static chain => chain.Name.StartsWith("TestFEVMBasic", StringComparison.Ordinal))
            ?? throw new IgnoreException("there are no recorded chains in the reference material");
        using EnginePool pool = new(new EnginePoolOptions());
        ChainExporter exporter = new(pool, LotusChains.Open(), _chain.Network);
        ChainReader reader = new(LotusChains.Open());
        TipsetExecutor executor = new(pool, reader, _chain.Network);
        _item = new ChainReplayer(executor).Plan(reader.Load(_chain.Head), new ChainEpoch(0), new ChainEpoch(long.MaxValue))
            .First(item => item.Tipset.Blocks.Sum(block => reader.MessagesOf(block).Count) > 0);
        _ = ExecutionThread.Run(() => exporter.Check(_item));
        _result = ExecutionThread.Run(() => executor.Execute(_item.Tipset, new MemoryBlockstore()));
        using MemoryStream file = new();
        exporter.Write(file, _item.Child);
        _car = file.ToArray();
    }

    [Test]
    public void A_tipset_has_its_headers_and_messages_with_results()
    {
        JsonElement shown = Json("tipset", $"{_item.Tipset.Epoch}");
        Assert.That(shown.GetProperty("tipset")[0].GetString(), Is.EqualTo(_item.Tipset.Cids[0].ToString()));
        Assert.That(shown.GetProperty("parent_state").GetString(), Is.EqualTo(_item.Tipset.First.ParentState.ToString()));
        Assert.That(shown.GetProperty("no_results_because").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(
            shown.GetProperty("messages").EnumerateArray()
                .Select(static message => message.GetProperty("receipt").GetProperty("gas_used").GetUInt64()),
            Is.EqualTo(_result.Messages.Select(static message => message.Ret.Receipt.GasUsed)));
        Assert.That(
            shown.GetProperty("messages").EnumerateArray().Last().GetProperty("method_name").GetString(), Is.EqualTo("EpochTick"));

        string text = Text("tipset", string.Join(',', _item.Tipset.Cids));
        Assert.That(text, Does.StartWith($"Tipset of epoch {_item.Tipset.Epoch}, network version 29").And.Contain("method 2 AwardBlockReward"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_message_has_its_receipt_and_calls(bool withEpoch)
    {
        AppliedMessage first = _result.Messages.First(static message => message.Source is not null);
        string[] arguments = ["message", first.Source!.Cid.ToString(), .. withEpoch ? (string[])["--epoch", $"{_item.Tipset.Epoch}"] : []];
        JsonElement shown = Json(arguments);
        Assert.That(shown.GetProperty("from").GetString(), Is.EqualTo(first.Message.From.ToString()));
        Assert.That(shown.GetProperty("receipt").GetProperty("gas_used").GetUInt64(), Is.EqualTo(first.Ret.Receipt.GasUsed));
        Assert.That(shown.GetProperty("calls").GetArrayLength(), Is.GreaterThan(0));
        Assert.That(Text(arguments), Does.Contain("Receipt").And.Contain($"gas used        {first.Ret.Receipt.GasUsed:N0}"));
    }

    [Test]
    public void An_actor_has_its_state_by_name()
    {
        JsonElement shown = Json("actor", "f02", "--epoch", $"{_item.Tipset.Epoch}");
        Assert.That(shown.GetProperty("type").GetString(), Is.EqualTo("reward"));
        Assert.That(shown.GetProperty("state_root").GetString(), Is.EqualTo(_item.Tipset.First.ParentState.ToString()));
        Assert.That(shown.GetProperty("state_fields").ValueKind, Is.EqualTo(JsonValueKind.Object));
        Assert.That(Text("actor", "f02", "--epoch", $"{_item.Tipset.Epoch}"), Does.Contain("this_epoch_reward"));
    }

    [TestCase("is neither an epoch nor a CID", "tipset", "x")]
    [TestCase("there is no tipset of epoch", "tipset", "1000000")]
    [TestCase("there is no tipset of epoch", "tipset", "-5")]
    [TestCase("is not a CID", "message", "x")]
    [TestCase("has the message", "message", "bafy2bzacebt5wxzyrgizu2uunetxtkc6aom3ult236vviv2nseiwnquu6anha")]
    [TestCase("is not an address", "actor", "x")]
    [TestCase("at least 1", "bench", "--repeat", "0")]
    [TestCase("is not a number from 1", "bench", "--workers", "1,0")]
    public void What_is_not_there_is_said_in_a_line(string says, string what, params string[] rest)
    {
        string[] command = what == "bench" ? ["bench"] : ["show", what];
        CommandResult result = CommandResult.Of(["chain", .. command, .. rest, "--snapshot", Snapshot, "--upgrades", _chain.Upgrades]);
        Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((2, 1)), result.Errors);
        Assert.That(result.Errors, Does.StartWith("fvm: ").And.Contain(says));
    }

    [Test]
    public void Code_that_is_not_in_the_snapshot_comes_from_bundles()
    {
        CarBlockstore all = CarBlockstore.Load(_car);
        string states = Files.PathOf("states.car");
        string folder = Directory.CreateDirectory(Files.PathOf("bundles")).FullName;
        using (CarWriter writer = new(File.Create(states), [.. all.Roots]))
        {
            writer.WriteMany(all.Blocks.Where(static block => block.Key.Codec != Multicodec.Raw));
        }

        using (CarWriter writer = new(File.Create(Path.Combine(folder, "bundle.car")), [.. all.Roots]))
        {
            writer.WriteMany(all.Blocks.Where(static block => block.Key.Codec == Multicodec.Raw));
        }

        string epoch = $"{_item.Tipset.Epoch}";
        string[] replay = ["chain", "replay", "--snapshot", states, "--upgrades", _chain.Upgrades, "--from", epoch, "--out", folder];
        Assert.That(CommandResult.Of(replay).ExitCode, Is.EqualTo(1));
        CommandResult result = CommandResult.Of([.. replay, "--bundles", folder]);
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        Assert.That(result.OutputLines[^1], Does.StartWith("1 equal"));
    }

    [Test]
    public void A_folder_without_bundles_is_refused()
    {
        string folder = Directory.CreateDirectory(Files.PathOf("empty")).FullName;
        CommandResult result = CommandResult.Of("chain", "replay", "--snapshot", Snapshot, "--upgrades", _chain.Upgrades, "--bundles", folder);
        Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((2, 1)));
        Assert.That(result.Errors, Does.Contain("--bundles: there is no .car"));
    }

    [Test]
    public void A_bench_has_a_line_per_number_of_workers()
    {
        CommandResult result = CommandResult.Of(
            "chain", "bench", "--snapshot", Snapshot, "--upgrades", _chain.Upgrades, "--from", $"{_item.Tipset.Epoch}", "--workers", "1,2",
            "--repeat", "1", "--json");
        JsonElement[] lines = [.. result.OutputLines.Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(lines.Select(static line => line.GetProperty("workers").GetInt32()), Is.EqualTo((int[])[1, 2]));
        double gas = _result.Messages.Sum(static message => (double)message.Ret.Receipt.GasUsed);
        Assert.That(lines.Select(static line => line.GetProperty("gas").GetDouble()), Is.All.EqualTo(gas));
        Assert.That(lines[0].GetProperty("reads_per_tipset").GetDouble(), Is.GreaterThan(10));
    }

    private JsonElement Json(params string[] arguments) => JsonDocument.Parse(Text([.. arguments, "--json"])).RootElement;

    private string Text(params string[] arguments)
    {
        CommandResult result = CommandResult.Of(["chain", "show", .. arguments, "--snapshot", Snapshot, "--upgrades", _chain.Upgrades]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result.Output;
    }
}
