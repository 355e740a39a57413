using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Node.Tests;

/// <summary>Asks a chain and its fork for everything that both have.</summary>
internal sealed class ForkReadsTests : UpstreamFixture
{
    private const ulong ForkNumber = 10;
    private const string Miner = "t01000";

    private static readonly string[] Native = [.. TestChain.Natives.Select(static key => key.Address.ToString(AddressNetwork.Testnet))];

    private readonly List<EthAddress> _contracts = [];
    private RequestTester _rpc = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Make();
        _rpc = new RequestTester(NodeMethods.Of(Origin.Chain, TestChain.Accounts, TestChain.Natives));
        await MakeBlocksAsync();
        await ServeAsync();
    }

    [OneTimeTearDown]
    public Task Stop() => DropAsync();

    [Test]
    public async Task Every_read_has_the_answer_of_the_other_node_and_the_second_start_reads_no_block_again()
    {
        IReadOnlyList<(string Method, string Parameters)> requests = Requests();
        Dictionary<(string, string), string> wanted = [];
        foreach ((string method, string parameters) in requests)
        {
            wanted[(method, parameters)] = await AnswerAsync(_rpc, method, parameters);
        }

        int before = 0;
        for (int start = 0; start < 2; start++)
        {
            RpcSettings settings = ForkedChain.Settings with { Deadline = TimeSpan.FromSeconds(60) };
            await using ForkedChain fork = ForkedChain.Open(
                new ForkOptions(Node.Endpoint, ForkNumber, Path.Combine(Folder, "cache"), settings), []);
            RequestTester rpc = new(NodeMethods.Of(fork.Chain, TestChain.Accounts, TestChain.Natives));
            List<string> different = [];
            foreach ((string method, string parameters) in requests)
            {
                string answer = await AnswerAsync(rpc, method, parameters);
                if (answer != wanted[(method, parameters)])
                {
                    different.Add($"{method} {parameters}\n  other {wanted[(method, parameters)]}\n  fork  {answer}");
                }
            }

            Assert.That(different, Is.Empty, $"{different.Count} of {requests.Count} answers:\n{string.Join('\n', different.Take(20))}");
            int read = Node.Read.Where(static each => each.Key != ForkReads.Unknown).Sum(static each => each.Value);
            TestContext.Out.WriteLine($"{requests.Count} requests, {read - before} blocks read from the other node");
            Assert.That(read - before, start == 0 ? Is.GreaterThan(100) : Is.Zero, $"blocks of start {start + 1}");
            before = read;
        }
    }

    [Test]
    public async Task Actors_are_read_together()
    {
        GenesisAccount[] accounts =
        [
            .. TestChain.Accounts.Select(static key => key.EthAddress.ToFilecoin()).Concat(TestChain.Natives.Select(static key => key.Address))
                .Select(static address => new GenesisAccount(address, TokenAmount.FromWhole(1))),
        ];
        int before = Node.Read.Values.Sum();
        await using ForkedChain fork = ForkedChain.Open(new ForkOptions(Node.Endpoint, ForkNumber, null, ForkedChain.Settings), accounts);
        int read = Node.Read.Values.Sum() - before;
        TestContext.Out.WriteLine($"start: {read} blocks in {fork.Upstream.RoundTrips} round trips");
        Assert.That(fork.Upstream.RoundTrips, Is.LessThan(read / 2));
        await fork.SendAsync(_contracts[0], Contracts.Word(5));
        TestContext.Out.WriteLine($"with a block: {Node.Read.Values.Sum() - before} blocks in {fork.Upstream.RoundTrips} round trips");
    }

    [Test]
    public void Every_method_that_reads_is_asked_for()
    {
        HashSet<string> asked = [.. Requests().Select(static request => request.Method)];
        IEnumerable<string> open = NodeMethods.Of(Origin.Chain, TestChain.Accounts, TestChain.Natives).Names
            .Where(name => !asked.Contains(name) && !ForkReads.Others.Any(other => name.StartsWith(other, StringComparison.Ordinal)));
        Assert.That(open, Is.Empty);
    }

    [Test]
    public async Task Each_method_has_a_result_for_something()
    {
        HashSet<string> open = [.. Requests().Select(static request => request.Method)];
        foreach ((string method, string parameters) in Requests())
        {
            if (open.Contains(method) && (await _rpc.AskAsync(method, parameters)).TryGetProperty("result", out _))
            {
                open.Remove(method);
            }
        }

        Assert.That(open, Is.Empty);
    }

    private static async Task<string> AnswerAsync(RequestTester rpc, string method, string parameters) =>
        (await rpc.AskAsync(method, parameters)).GetRawText();

    private IReadOnlyList<(string Method, string Parameters)> Requests() => ForkReads.Of(
        Origin.Chain,
        ForkNumber,
        [TestChain.First, TestChain.Accounts[1].EthAddress, .. _contracts, EthAddress.Parse("0xff00000000000000000000000000000000000005")],
        ["t00", "t01", "t02", "t03", "t04", "t05", "t06", "t07", "t010", "t090", "t099", "t0100", Miner, "t01001", "t0777777", .. Native]);

    // 20 blocks, with null rounds among them, of contracts, native messages, a miner, DataCap, a deal, and changes by the operator.
    private async Task MakeBlocksAsync()
    {
        _contracts.Add(await Origin.DeployAsync());
        await Origin.SendAsync(Origin.Sign(_contracts[0], Contracts.Word(3)));
        await PushAsync($$"""{"From":"{{Native[0]}}","To":"t0100","Value":"1500000000000000000000","Method":0}""");
        await _rpc.ResultAsync("fvm_giveDataCap", $"[\"{Native[0]}\",1048576]");
        await _rpc.ResultAsync("fvm_call", $$$"""
            [{"from":"t0100","to":"t04","method":"CreateMiner","value":"1000000000000000000000",
              "params":{"owner":"t0100","worker":"t0100","window_post_proof_type":13,"peer":"","multiaddrs":[]}}]
            """);
        string client = Base64OfAddress(Native[1]);
        await PushAsync($$"""{"From":"{{Native[1]}}","To":"t05","Value":"5000000000000000000","Method":2,"Params":"{{client}}"}""");
        await Origin.Chain.AdvanceToAsync(Origin.Chain.Head.Number + 3);
        await Origin.SendAsync(Origin.Sign(_contracts[0], Contracts.Word(200)));
        await Origin.Chain.SetStorageAsync(_contracts[0], default, new EthHash(Contracts.Word(7)));
        while (Origin.Chain.Head.Number < 20)
        {
            await Origin.SendAsync(Origin.Sign(_contracts[0], Contracts.Word(Origin.Chain.Head.Number)));
        }
    }

    private async Task PushAsync(string message) => await _rpc.ResultAsync("Filecoin.MpoolPushMessage", $"[{message},null]");

    private static string Base64OfAddress(string address)
    {
        CborWriter writer = new();
        writer.WriteBytes(Address.Parse(address).ToBytes());
        return Convert.ToBase64String(writer.ToArray());
    }
}
