using System.Text;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>The methods for tests, of the pool and of signatures, by their names in requests.</summary>
internal sealed class TestMethodsTests
{
    private const string First = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    private const string Second = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
    private const string Stranger = "0x00000000000000000000000000000000000000aa";

    private TestChain _test = null!;
    private RpcDispatcher _dispatcher = null!;

    [SetUp]
    public void Start()
    {
        _test = TestChain.Create();
        RpcRegistry registry = new();
        Wallet wallet = new(TestChain.Accounts);
        new EthMethods(_test.Chain, wallet).AddTo(registry);
        new WatchMethods(_test.Chain).AddTo(registry);
        new PoolMethods(_test.Chain).AddTo(registry);
        new SigningMethods(wallet).AddTo(registry);
        new TestMethods(_test.Chain).AddTo(registry);
        _dispatcher = new RpcDispatcher(registry, new RpcLimits());
    }

    [TearDown]
    public async Task Stop()
    {
        if (_test is not null)
        {
            await _test.DisposeAsync();
        }
    }

    [Test]
    public async Task Blocks_are_made_on_request_with_their_times()
    {
        await AskAsync("anvil_mine", "[\"0x3\", 7]");
        Assert.That(_test.Chain.Head.Number, Is.EqualTo(3));
        Assert.That(_test.Chain.Head.Timestamp - _test.Chain.ParentOf(_test.Chain.Head)!.Timestamp, Is.EqualTo(7));
        ulong next = _test.Chain.Head.Timestamp + 1_000;
        await AskAsync("evm_setNextBlockTimestamp", $"[{next}]");
        Assert.That(await AskAsync("evm_mine", "[]"), Is.EqualTo("\"0x0\""));
        Assert.That(_test.Chain.Head.Timestamp, Is.EqualTo(next));
        Assert.That(await AskAsync("fvm_advanceTo", "[\"0x20\"]"), Is.EqualTo("\"0x20\""));
        Assert.That(await ErrorAsync("evm_setNextBlockTimestamp", "[1]"), Does.Contain("not after"));
    }

    [Test]
    public async Task A_snapshot_brings_back_what_was()
    {
        string id = await AskAsync("evm_snapshot", "[]");
        await AskAsync("hardhat_setBalance", $"[\"{Stranger}\", \"0x64\"]");
        Assert.That(await AskAsync("eth_getBalance", $"[\"{Stranger}\", \"latest\"]"), Is.EqualTo("\"0x64\""));
        Assert.That(await AskAsync("evm_revert", $"[{id}]"), Is.EqualTo("true"));
        Assert.That(await AskAsync("eth_getBalance", $"[\"{Stranger}\", \"latest\"]"), Is.EqualTo("\"0x0\""));
        Assert.That(await AskAsync("evm_revert", $"[{id}]"), Is.EqualTo("false"), "it is used up");
    }

    [Test]
    public async Task The_pool_shows_what_waits_and_what_is_behind_a_gap()
    {
        await AskAsync("evm_setAutomine", "[false]");
        EthHash ready = await _test.Chain.SendAsync(_test.Sign(EthAddress.Parse(Second), [], nonce: 0));
        EthHash behind = await _test.Chain.SendAsync(_test.Sign(EthAddress.Parse(Second), [], nonce: 5));
        Assert.That(await AskAsync("txpool_status", "[]"), Is.EqualTo("{\"pending\":\"0x1\",\"queued\":\"0x1\"}"));
        JsonElement content = JsonDocument.Parse(await AskAsync("txpool_content", "[]")).RootElement;
        string sender = EthAddress.Parse(First).ToChecksumText();
        JsonElement first = content.GetProperty("pending").GetProperty(sender).GetProperty("0");
        JsonElement later = content.GetProperty("queued").GetProperty(sender).GetProperty("5");
        Assert.That(first.GetProperty("hash").GetString(), Is.EqualTo(ready.ToString()));
        Assert.That(later.GetProperty("hash").GetString(), Is.EqualTo(behind.ToString()));
        Assert.That(await AskAsync("txpool_inspect", "[]"), Does.Contain("0 wei + 100000000 gas"));
        Assert.That(await AskAsync("anvil_dropTransaction", $"[\"{behind}\"]"), Does.Contain(behind.ToString()));
        Assert.That(await AskAsync("anvil_dropTransaction", $"[\"{behind}\"]"), Is.EqualTo("null"));
        EthHash further = await _test.Chain.SendAsync(_test.Sign(EthAddress.Parse(Second), [], nonce: 6));
        Assert.That(await AskAsync("hardhat_dropTransaction", $"[\"{further}\"]"), Is.EqualTo("true"));
        Assert.That(await AskAsync("hardhat_dropTransaction", $"[\"{further}\"]"), Is.EqualTo("false"));
        await AskAsync("anvil_removePoolTransactions", $"[\"{First}\"]");
        Assert.That(await AskAsync("txpool_status", "[]"), Is.EqualTo("{\"pending\":\"0x0\",\"queued\":\"0x0\"}"));
    }

    [Test]
    public async Task Filters_collect_blocks_messages_and_logs_also_those_taken_back()
    {
        EthAddress contract = await _test.DeployAsync();
        string blocks = await AskAsync("eth_newBlockFilter", "[]");
        string messages = await AskAsync("eth_newPendingTransactionFilter", "[]");
        string logs = await AskAsync("eth_newFilter", $"[{{\"address\":\"{contract}\"}}]");
        string snapshot = await AskAsync("evm_snapshot", "[]");
        LocalMessage sent = await _test.SendAsync(_test.Sign(contract, Contracts.Word(6)));
        Assert.That(await AskAsync("eth_getFilterChanges", $"[{blocks}]"), Is.EqualTo($"[\"{_test.Chain.Head.Hash}\"]"));
        Assert.That(await AskAsync("eth_getFilterChanges", $"[{messages}]"), Is.EqualTo($"[\"{sent.Hash}\"]"));
        JsonElement log = JsonDocument.Parse(await AskAsync("eth_getFilterChanges", $"[{logs}]")).RootElement[0];
        Assert.That(log.GetProperty("removed").GetBoolean(), Is.False);
        Assert.That(JsonDocument.Parse(await AskAsync("eth_getFilterLogs", $"[{logs}]")).RootElement.GetArrayLength(), Is.EqualTo(1));
        await AskAsync("evm_revert", $"[{snapshot}]");
        JsonElement removed = JsonDocument.Parse(await AskAsync("eth_getFilterChanges", $"[{logs}]")).RootElement[0];
        Assert.That(removed.GetProperty("removed").GetBoolean(), Is.True);
        Assert.That(removed.GetProperty("transactionHash").GetString(), Is.EqualTo(sent.Hash.ToString()));
        Assert.That(await AskAsync("eth_uninstallFilter", $"[{logs}]"), Is.EqualTo("true"));
        Assert.That(await ErrorAsync("eth_getFilterChanges", $"[{logs}]"), Does.Contain("filter not found"));
        Assert.That(await ErrorAsync("eth_getFilterLogs", $"[{blocks}]"), Does.Contain("not about logs"));
    }

    [Test]
    public async Task Filters_beyond_the_limit_take_the_place_of_the_oldest()
    {
        string first = await AskAsync("eth_newBlockFilter", "[]");
        string second = await AskAsync("eth_newBlockFilter", "[]");
        _ = await AskAsync("eth_getFilterChanges", $"[{first}]");
        for (int i = 0; i < 999; i++)
        {
            _ = await AskAsync("eth_newBlockFilter", "[]");
        }

        Assert.That(await AskAsync("eth_getFilterChanges", $"[{first}]"), Is.EqualTo("[]"));
        Assert.That(await ErrorAsync("eth_getFilterChanges", $"[{second}]"), Does.Contain("filter not found"));
    }

    [Test]
    public async Task A_subscription_is_pushed_behind_its_name()
    {
        List<string> sent = [];
        using RpcSession session = new(_dispatcher, (message, _) =>
        {
            lock (sent)
            {
                sent.Add(Encoding.UTF8.GetString(message.Span));
            }

            return ValueTask.CompletedTask;
        });
        Task sending = session.SendAllAsync();
        await session.ReceiveAsync("""{"id":1,"method":"eth_subscribe","params":["newHeads"]}"""u8.ToArray());
        await _test.Chain.MineAsync();
        await session.ReceiveAsync("""{"id":2,"method":"eth_unsubscribe","params":["0x1"]}"""u8.ToArray());
        await _test.Chain.MineAsync();
        Assert.That(() => Count(), Is.EqualTo(3).After(5_000, 20));
        session.Close();
        await Task.WhenAny(sending);
        Assert.That(sent[0], Is.EqualTo("""{"jsonrpc":"2.0","id":1,"result":"0x1"}"""));
        Assert.That(sent[1], Does.Contain("\"subscription\":\"0x1\"").And.Contains("\"number\":\"0x1\""));
        Assert.That(sent[2], Is.EqualTo("""{"jsonrpc":"2.0","id":2,"result":true}"""));

        int Count()
        {
            lock (sent)
            {
                return sent.Count;
            }
        }
    }

    [Test]
    public async Task Refusals_have_the_code_by_which_tools_take_another_way()
    {
        foreach (string name in (string[])["hardhat_metadata", "anvil_setMinGasPrice", "hardhat_setPrevRandao"])
        {
            Assert.That(await ErrorAsync(name, "[]"), Does.Contain("-32601").And.Contains("is not supported: "), name);
        }

        Assert.That(await ErrorAsync("eth_subscribe", "[\"newHeads\"]"), Does.Contain("WebSocket"));
        Assert.That(await ErrorAsync("personal_sign", $"[\"0x00\", \"{Stranger}\"]"), Does.Contain("unknown account"));
        Assert.That(await ErrorAsync("eth_signTypedData_v4", $"[\"{First}\", \"{{\"]"), Does.Contain("no JSON"));
    }

    // A part of the cases; FVM_FUZZ_CASES chooses how many.
    [Test]
    public async Task Fuzz_mutated_requests_are_answered_with_a_result_or_an_error()
    {
        int cases = int.TryParse(Environment.GetEnvironmentVariable("FVM_FUZZ_CASES"), out int chosen) ? chosen : 3_000;
        byte[][] originals = [.. Requests().Select(Encoding.UTF8.GetBytes)];
        Random random = new(1);
        int results = 0;
        int errors = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] request = Mutation.Of(originals[random.Next(originals.Length)], random);
            ReadOnlyMemory<byte> answer = await _dispatcher.AnswerAsync(request, null, default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            if (answer.IsEmpty)
            {
                continue;
            }

            JsonElement root = JsonDocument.Parse(answer).RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out JsonElement error))
            {
                errors++;
                Assert.That(error.GetProperty("code").GetInt32(), Is.Not.EqualTo(-32603), $"{Encoding.UTF8.GetString(request)}: {error}");
                Assert.That(error.GetProperty("message").GetString(), Is.Not.Empty.And.Not.Contains("\n"));
            }
            else
            {
                results++;
            }
        }

        Assert.That(results, Is.Positive);
        Assert.That(errors, Is.Positive);
        Assert.That(await AskAsync("eth_chainId", "[]"), Is.EqualTo("\"0x1df5e76\""), "the node goes on");
    }

    // Not the methods that mine thousands of blocks, or end mining, if a number changes.
    private static IEnumerable<string> Requests()
    {
        string call = $$"""{"from":"{{First}}","to":"{{Second}}","data":"0x1234","input":"0x1234","value":"0x1","gas":"0x5f5e100"}""";
        (string Name, string Parameters)[] requests =
        [
            ("eth_chainId", "[]"),
            ("eth_getBalance", $"[\"{First}\",\"latest\"]"),
            ("eth_call", $"[{call},\"latest\",{{\"{Second}\":{{\"balance\":\"0x1\"}}}}]"),
            ("eth_getBlockByNumber", "[\"0x0\",true]"),
            ("eth_getLogs", $"[{{\"fromBlock\":\"0x0\",\"address\":[\"{First}\"],\"topics\":[null,[]]}}]"),
            ("eth_feeHistory", "[\"0xa\",\"latest\",[20]]"),
            ("eth_getStorageAt", $"[\"{First}\",\"0x0\",\"latest\"]"),
            ("eth_fillTransaction", $"[{call}]"),
            ("eth_newFilter", "[{\"topics\":[]}]"),
            ("eth_getFilterChanges", "[\"0x1\"]"),
            ("txpool_content", "[]"),
            ("anvil_nodeInfo", "[]"),
            ("personal_sign", $"[\"0x1234\",\"{First}\"]"),
            ("anvil_setBalance", $"[\"{Stranger}\",\"0x10\"]"),
            ("evm_snapshot", "[]"),
            ("eth_sendRawTransaction", "[\"0x02f8778401df5e7607830186a0831e848083bc614e94709979\"]"),
            ("evm_revert", "[\"0x1\"]"),
            ("anvil_setNonce", $"[\"{Stranger}\",\"0x3\"]"),
            ("web3_sha3", "[\"0x12\"]"),
            ("hardhat_setStorageAt", $"[\"{Stranger}\",\"0x0\",\"0x1\"]"),
        ];
        return requests.Select(static request => $$"""{"jsonrpc":"2.0","id":1,"method":"{{request.Name}}","params":{{request.Parameters}}}""")
            .Append("[{\"id\":1,\"method\":\"eth_blockNumber\"},{\"id\":2,\"method\":\"net_version\",\"params\":null}]");
    }

    private async Task<string> AskAsync(string method, string parameters)
    {
        JsonElement answer = await RequestAsync(method, parameters);
        Assert.That(answer.TryGetProperty("result", out JsonElement result), Is.True, answer.ToString());
        return result.GetRawText();
    }

    private async Task<string> ErrorAsync(string method, string parameters)
    {
        JsonElement answer = await RequestAsync(method, parameters);
        Assert.That(answer.TryGetProperty("error", out JsonElement error), Is.True, answer.ToString());
        return error.GetRawText();
    }

    private async Task<JsonElement> RequestAsync(string method, string parameters) => JsonDocument.Parse(await _dispatcher.AnswerAsync(
        Encoding.UTF8.GetBytes($$"""{"id":1,"method":"{{method}}","params":{{parameters}}}"""), null, default)).RootElement;
}
