using System.Text;
using System.Text.Json;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Node.Tests;

/// <summary>Tests forks of a local chain that is served as real ones are.</summary>
internal sealed class ForkTests : UpstreamFixture
{
    private readonly List<EthHash> _sent = [];
    private EthAddress _register;

    [SetUp]
    public async Task Start()
    {
        Make();
        _register = await Origin.DeployAsync();
        _sent.Clear();
        _sent.Add(Origin.Chain.Head.Messages[0].Hash);
        for (int i = 1; i <= 5; i++)
        {
            _sent.Add((await Origin.SendAsync(Origin.Sign(_register, Contracts.Word((byte)i)))).Hash);
        }

        await Origin.Chain.AdvanceToAsync(20);
        _sent.Add((await Origin.SendAsync(Origin.Sign(_register, Contracts.Word(9)))).Hash);
        await Origin.Chain.MineAsync();
        await ServeAsync();
    }

    [TearDown]
    public Task Stop() => DropAsync();

    [Test]
    public async Task All_reads_are_as_of_the_other_node_and_later_blocks_diverge()
    {
        await using ForkedChain fork = Open(epoch: 21);
        LocalChain chain = fork.Chain;
        Assert.That((chain.Head.Number, chain.Head.Hash, chain.ChainId, chain.Version),
            Is.EqualTo((21UL, Origin.Chain.FindBlock(21)!.Hash, Origin.Chain.ChainId, Origin.Chain.Version)));
        foreach (LocalBlock block in Origin.Chain.Range(1, 20))
        {
            Assert.That(JsonOf(chain.FindBlock(block.Number)!, chain), Is.EqualTo(JsonOf(block, Origin.Chain)), $"block {block.Number}");
            Assert.That(chain.FindBlock(block.Hash)!.Number, Is.EqualTo(block.Number));
            Assert.That(
                await chain.StorageAsync(_register, default, chain.FindBlock(block.Number)!),
                Is.EqualTo(await Origin.Chain.StorageAsync(_register, default, block)));
            Assert.That(chain.StateOf(chain.FindBlock(block.Number)!).BalanceOf(TestChain.First),
                Is.EqualTo(Origin.Chain.StateOf(block).BalanceOf(TestChain.First)));
        }

        Assert.That(chain.FindBlock(15), Is.Null, "a null round");
        Assert.That(chain.Range(0, 30).SelectMany(static block => block.Messages).Select(static message => message.Hash), Is.EqualTo(_sent));
        foreach (EthHash hash in _sent)
        {
            Assert.That(chain.FindMessage(hash)!.Value.Message.Ret.Receipt.GasUsed, Is.EqualTo(Origin.Chain.FindMessage(hash)!.Value.Message.Ret.Receipt.GasUsed));
        }

        Assert.That(await chain.TraceAsync(chain.FindBlock(3)!), Has.Count.EqualTo(1));
        CallOutcome old = await chain.CallAsync(new CallRequest { To = _register }, chain.FindBlock(4)!);
        Assert.That(old.Data, Is.EqualTo(Contracts.Word(3)));

        LocalMessage here = await fork.SendAsync(_register, Contracts.Word(100));
        await Origin.SendAsync(Origin.Sign(_register, Contracts.Word(200)));
        Assert.That((here.Ret.Receipt.ExitCode, chain.Head.Number), Is.EqualTo((ExitCode.Ok, 22UL)));
        Assert.That(await chain.StorageAsync(_register, default, chain.Head), Is.EqualTo(new EthHash(Contracts.Word(100))));
        await chain.RollbackAsync(1);
        Assert.That(chain.Head.Number, Is.EqualTo(21));
    }

    [Test]
    public async Task State_is_changed_as_on_other_chains()
    {
        await using ForkedChain fork = Open();
        LocalChain chain = fork.Chain;
        EthAddress stranger = EthAddress.Parse("0x00000000000000000000000000000000000000aa");
        await chain.SetBalanceAsync(stranger, TokenAmount.FromWhole(3));
        await chain.SetCodeAsync(stranger, Contracts.Register);
        await chain.SetStorageAsync(stranger, default, new EthHash(Contracts.Word(4)));
        await chain.SetNonceAsync(stranger, 5);
        await chain.SetStorageAsync(_register, default, new EthHash(Contracts.Word(7)));
        CallOutcome read = await chain.CallAsync(new CallRequest { To = stranger }, chain.Head);
        CallOutcome other = await chain.CallAsync(new CallRequest { To = _register }, chain.Head);
        Assert.That((read.Data, other.Data), Is.EqualTo((Contracts.Word(4), Contracts.Word(7))));
        Assert.That((await fork.SendAsync(stranger, Contracts.Word(8))).Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(chain.StateOf(chain.Head).NonceOf(stranger), Is.EqualTo(5));
    }

    [Test]
    public async Task The_second_start_reads_no_block_again()
    {
        for (int start = 0; start < 2; start++)
        {
            await using ForkedChain fork = Open(epoch: 21);
            await fork.SendAsync(_register, Contracts.Word(100));
            _ = fork.Chain.Range(0, 21).SelectMany(static block => block.Messages).Count();
            _ = await fork.Chain.CallAsync(new CallRequest { To = _register }, fork.Chain.FindBlock(4)!);
        }

        string[] twice = [.. Node.Read.Where(static each => each.Value > 1).Select(static each => each.Key)];
        TestContext.Out.WriteLine($"{Node.Read.Count} blocks, {twice.Length} of them more than once");
        Assert.That(Node.Read, Has.Count.GreaterThan(50));
        Assert.That(twice, Is.Empty);
    }

    [Test]
    public async Task A_fork_is_saved_and_goes_on()
    {
        string data = Path.Combine(Folder, "data");
        EthHash head;
        await using (ForkedChain fork = Open(epoch: 21, data: data))
        {
            await fork.SendAsync(_register, Contracts.Word(100));
            head = fork.Chain.Head.Hash;
        }

        await using (ForkedChain again = Open(epoch: 21, data: data))
        {
            Assert.That(again.Chain.Head.Hash, Is.EqualTo(head));
            Assert.That(again.Chain.FindBlock(3)!.Messages, Has.Count.EqualTo(1));
            Assert.That((await again.SendAsync(_register, Contracts.Word(101))).Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        }

        Assert.That(() => Open(epoch: 20, data: data), Throws.TypeOf<Files.FileException>().With.Message.Contains("it begins with"));
    }

    [Test]
    public async Task A_node_that_fails_gives_errors_and_no_wrong_results()
    {
        Node.Faulty.Failing = 1;
        await using ForkedChain fork = Open();
        LocalChain chain = fork.Chain;
        ulong number = chain.Head.Number;
        Node.Faulty.IsLying = true;
        Assert.That(
            async () => await chain.CallAsync(new CallRequest { To = _register }, chain.Head),
            Throws.TypeOf<BlockstoreException>().With.Message.Contains("do not match the CID"));
        Node.Faulty.IsLying = false;
        Node.Faulty.IsDead = true;
        Assert.That(
            async () => await fork.SendAsync(_register, Contracts.Word(100)),
            Throws.InstanceOf<Exception>().With.Message.Contains("the disk has died"));
        Assert.That(chain.Head.Number, Is.EqualTo(number), "no block without a result");
        Node.Faulty.IsDead = false;
        Node.Faulty.Delayed = 1;
        CallOutcome read = await chain.CallAsync(new CallRequest { To = _register }, chain.Head);
        Assert.That(read.Data, Is.EqualTo(Contracts.Word(9)));
        await chain.MineAsync();
        await fork.SendAsync(_register, Contracts.Word(101));
        Assert.That(await chain.StorageAsync(_register, default, chain.Head), Is.EqualTo(new EthHash(Contracts.Word(101))));

        UpstreamNode second = await UpstreamNode.StartAsync(Origin.Chain);
        await Node.DisposeAsync();
        Node = second;
        chain.Upstream!.MoveTo(second.Endpoint);
        Assert.That((await chain.CallAsync(new CallRequest { To = _register }, chain.FindBlock(3)!)).Data, Is.EqualTo(Contracts.Word(2)));
    }

    [Test]
    public async Task What_nobody_knows_is_no_failure_of_the_other_node()
    {
        await using ForkedChain fork = Open(epoch: 21);
        RequestTester rpc = new(NodeMethods.Of(fork.Chain, TestChain.Accounts, TestChain.Natives));
        string unknown = "{\"/\":\"bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2\"}";
        Assert.That((await rpc.ResultAsync("Filecoin.StateSearchMsg", $"[null,{unknown},10,true]")).ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((await rpc.ResultAsync("Filecoin.ChainHasObj", $"[{unknown}]")).GetBoolean(), Is.False);
        Assert.That(await rpc.ErrorAsync("Filecoin.ChainGetMessage", $"[{unknown}]"), Does.Contain("not found"));
        Assert.That(await rpc.ErrorAsync("Filecoin.ChainReadObj", $"[{unknown}]"), Does.StartWith("ipld: could not find"));
        Assert.That((await rpc.ResultAsync("eth_getTransactionByHash", $"[\"{new EthHash(Contracts.Word(1))}\"]")).ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Work_does_not_fail_by_the_reads_of_other_clients()
    {
        await using ForkedChain fork = Open(epoch: 21);
        Cid unknown = Cid.Parse("bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2");
        Exception? failure = null;
        int result = await fork.Chain.ReadAsync(() =>
        {
            Thread other = new(() => failure = Assert.Catch<BlockstoreException>(() => fork.Chain.Store.Get(unknown)));
            other.Start();
            other.Join();
            return 7;
        });
        Assert.That(failure, Is.Not.Null);
        Assert.That(result, Is.EqualTo(7));
        Assert.That(
            async () => await fork.Chain.ReadAsync(() => Assert.Catch(() => fork.Chain.Store.Get(unknown)) is null ? 1 : 2),
            Throws.TypeOf<BlockstoreException>().With.Message.Contains("does not have the block"));
    }

    [Test]
    public void Forks_that_are_not_possible_are_refused()
    {
        Assert.That(() => Open(epoch: 22), Throws.TypeOf<FormatException>().With.Message.Contains("has no results yet"));
        Assert.That(
            () => UpstreamChain.Open(new ForkOptions(RpcEndpoint.Parse("http://127.0.0.1:1", null), null, null, ForkedChain.Settings)),
            Throws.TypeOf<BlockstoreException>());
    }

    private static string JsonOf(LocalBlock block, LocalChain chain)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            ChainJson.WriteBlock(json, block, chain.ChainId, full: true);
            foreach (LocalMessage message in block.Messages)
            {
                ChainJson.WriteReceipt(json, block, message);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private ForkedChain Open(ulong? epoch = null, string? data = null) => ForkedChain.Open(
        new ForkOptions(Node.Endpoint, epoch, Path.Combine(Folder, "cache"), ForkedChain.Settings),
        [.. TestChain.Accounts.Select(static key => new GenesisAccount(key.EthAddress.ToFilecoin(), TokenAmount.FromWhole(100)))],
        data);
}
