using System.Globalization;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests eth_simulateV1.</summary>
internal sealed partial class SimulationTests
{
    private const string First = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    private const string Stranger = "0xc000000000000000000000000000000000000000";
    private const string Other = "0xc100000000000000000000000000000000000000";
    private const string Code = "0xc200000000000000000000000000000000000000";
    private const string Native = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

    // Returns number, time, base fee and the hash of the block before.
    private const string Environment = "0x43600052426020524860405260014303406060526080" + "6000f3";

    // Logs nothing, sends its value to the address in its input, logs the topic 0x2a.
    private const string Forwarder = "0x60006000a0" + "600060006000600034600035" + "5af150" + "602a60006000a100";

    // Sends its value to the address in its input, and reverts.
    private const string Reverting = "0x600060006000600034600035" + "5af150" + "60006000fd";

    private static readonly string Register = $"0x{Convert.ToHexStringLower(Contracts.Register)}";

    private TestChain _test = null!;
    private RequestTester _rpc = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _test = TestChain.Create();
        _rpc = new RequestTester(NodeMethods.Of(_test.Chain, TestChain.Accounts, TestChain.Natives));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_test is not null)
        {
            await _test.DisposeAsync();
        }
    }

    [Test]
    public async Task State_passes_from_call_to_call_and_from_block_to_block_and_not_to_the_chain()
    {
        LocalBlock head = _test.Chain.Head;
        string word = Text(Contracts.Word(6));
        JsonElement blocks = await SimulateAsync($$$"""
            {"blockStateCalls":[
              {"stateOverrides":{"{{{Code}}}":{"code":"{{{Register}}}"}},"calls":[{"to":"{{{Code}}}","input":"{{{word}}}"},{"to":"{{{Code}}}"}]},
              {"blockOverrides":{"number":"0x{{{head.Number + 4:x}}}"},"calls":[{"to":"{{{Code}}}"}]}]}
            """);
        Assert.That(blocks.EnumerateArray().Select(static block => Number(block, "number")), Is.EqualTo(
            Enumerable.Range(1, 4).Select(distance => head.Number + (ulong)distance)));
        JsonElement[] first = [.. blocks[0].GetProperty("calls").EnumerateArray()];
        Assert.That((Member(first[0], "status"), Member(first[0], "returnData")), Is.EqualTo(("0x1", "0x")));
        JsonElement log = first[0].GetProperty("logs")[0];
        Assert.That(
            (Member(log, "address"), Member(log, "data"), Member(log, "blockHash"), Member(log, "blockNumber"), Member(log, "transactionHash")),
            Is.EqualTo((Code, word, Member(blocks[0], "hash"), Member(blocks[0], "number"), blocks[0].GetProperty("transactions")[0].GetString())));
        Assert.That(Member(first[1], "returnData"), Is.EqualTo(word));
        Assert.That(Member(blocks[3].GetProperty("calls")[0], "returnData"), Is.EqualTo(word));
        Assert.That(blocks[1].GetProperty("calls").GetArrayLength(), Is.Zero);
        Assert.That(Number(blocks[0], "gasUsed"), Is.EqualTo(Number(first[0], "gasUsed") + Number(first[1], "gasUsed")));

        Assert.That(_test.Chain.Head, Is.SameAs(head));
        Assert.That((await _rpc.ResultAsync("eth_getCode", $"[\"{Code}\"]")).GetString(), Is.EqualTo("0x"));
    }

    [Test]
    public async Task Contracts_see_the_blocks_that_are_simulated()
    {
        LocalBlock head = _test.Chain.Head;
        JsonElement blocks = await SimulateAsync($$$"""
            {"blockStateCalls":[
              {"stateOverrides":{"{{{Code}}}":{"code":"{{{Environment}}}"}},"calls":[{"to":"{{{Code}}}"}]},
              {"blockOverrides":{"time":"0x{{{head.Timestamp + 1000:x}}}","baseFeePerGas":"0x7"},"calls":[{"to":"{{{Code}}}"}]},
              {"blockOverrides":{"number":"0x{{{head.Number + 5:x}}}"},"calls":[{"to":"{{{Code}}}"}]}]}
            """);
        Assert.That(blocks.GetArrayLength(), Is.EqualTo(5));
        ulong period = _test.Chain.Network.BlockDelay;
        Assert.That(
            blocks.EnumerateArray().Select(static block => (Number(block, "timestamp"), Number(block, "baseFeePerGas"))),
            Is.EqualTo(new[]
            {
                (head.Timestamp + period, 0UL),
                (head.Timestamp + 1000, 7UL),
                (head.Timestamp + 1000 + period, 0UL),
                (head.Timestamp + 1000 + (2 * period), 0UL),
                (head.Timestamp + 1000 + (3 * period), 0UL),
            }));
        Assert.That(Member(blocks[0], "parentHash"), Is.EqualTo(head.Hash.ToString()));
        foreach (int index in (int[])[0, 1, 4])
        {
            JsonElement block = blocks[index];
            string seen = Member(block.GetProperty("calls")[0], "returnData")!;
            string numbers = $"{Number(block, "number"):x64}{Number(block, "timestamp"):x64}{Number(block, "baseFeePerGas"):x64}";
            Assert.That(seen[2..], Is.EqualTo($"{numbers}{Member(block, "parentHash")![2..]}"));
            Assert.That(index == 0 || Member(block, "parentHash") == Member(blocks[index - 1], "hash"), Is.True);
        }
    }

    [Test]
    public async Task A_simulated_transaction_gives_what_the_real_one_then_does()
    {
        EthAddress contract = await _test.DeployAsync();
        LocalBlock head = _test.Chain.Head;
        string word = Text(Contracts.Word(8));
        EthTransaction transaction = _test.Sign(contract, Contracts.Word(8));
        JsonElement block = (await SimulateAsync($$$"""
            {"blockStateCalls":[{"calls":[{"from":"{{{First}}}","to":"{{{contract}}}","data":"{{{word}}}","gas":"0x{{{transaction.GasLimit:x}}}",
              "nonce":"0x{{{transaction.Nonce:x}}}","maxFeePerGas":"0x{{{transaction.MaxFeePerGas.Atto:x}}}",
              "maxPriorityFeePerGas":"0x{{{transaction.MaxPriorityFeePerGas.Atto:x}}}"}]}],
             "validation":true,"returnFullTransactions":true}
            """))[0];
        LocalMessage real = await _test.SendAsync(transaction);
        JsonElement mined = await _rpc.ResultAsync("eth_getBlockByNumber", "[\"latest\",true]");
        JsonElement receipt = await _rpc.ResultAsync("eth_getTransactionReceipt", $"[\"{real.Hash}\"]");

        foreach (string same in (string[])["number", "parentHash", "gasUsed", "gasLimit", "baseFeePerGas", "logsBloom", "miner", "sha3Uncles"])
        {
            Assert.That(block.GetProperty(same).GetRawText(), Is.EqualTo(mined.GetProperty(same).GetRawText()), same);
        }

        JsonElement full = block.GetProperty("transactions")[0];
        JsonElement minedFull = mined.GetProperty("transactions")[0];
        foreach (string same in (string[])["from", "to", "nonce", "gas", "input", "maxFeePerGas", "gasPrice", "type", "chainId", "transactionIndex"])
        {
            Assert.That(full.GetProperty(same).GetRawText(), Is.EqualTo(minedFull.GetProperty(same).GetRawText()), same);
        }

        JsonElement call = block.GetProperty("calls")[0];
        Assert.That(Member(call, "gasUsed"), Is.EqualTo(Member(receipt, "gasUsed")));
        JsonElement log = call.GetProperty("logs")[0];
        JsonElement minedLog = receipt.GetProperty("logs")[0];
        foreach (string same in (string[])["address", "topics", "data", "logIndex", "transactionIndex", "blockNumber", "removed"])
        {
            Assert.That(log.GetProperty(same).GetRawText(), Is.EqualTo(minedLog.GetProperty(same).GetRawText()), same);
        }

        // Members are those of a block of the chain, and the calls.
        Assert.That(
            block.EnumerateObject().Select(static member => member.Name),
            Is.EquivalentTo(mined.EnumerateObject().Select(static member => member.Name).Append("calls")));
        Assert.That(head.Number + 1, Is.EqualTo(_test.Chain.Head.Number));
    }

    [Test]
    public async Task Transfers_are_logged_among_the_logs_of_contracts_in_their_order()
    {
        JsonElement block = (await SimulateAsync($$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Stranger}}}":{"balance":"0x7d0"},"{{{Code}}}":{"code":"{{{Forwarder}}}"}},
              "calls":[{"from":"{{{Stranger}}}","to":"{{{Other}}}","value":"0x64"},
                {"from":"{{{Stranger}}}","to":"{{{Code}}}","value":"0x3e8","input":"{{{Word(Other)}}}"}]}],"traceTransfers":true}
            """))[0];
        JsonElement[] calls = [.. block.GetProperty("calls").EnumerateArray()];
        Assert.That(LogsOf(calls[0]), Is.EqualTo(new[] { Transfer(Stranger, Other, 0x64, 0) }));
        Assert.That(LogsOf(calls[1]), Is.EqualTo(new[]
        {
            Transfer(Stranger, Code, 0x3e8, 1),
            $"{Code}  0x 2",
            Transfer(Code, Other, 0x3e8, 3),
            $"{Code} {Text(Contracts.Word(0x2a))} 0x 4",
        }));

        // The bloom is that of contracts' logs only: without transfers it is the same.
        JsonElement without = (await SimulateAsync($$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Stranger}}}":{"balance":"0x7d0"},"{{{Code}}}":{"code":"{{{Forwarder}}}"}},
              "calls":[{"from":"{{{Stranger}}}","to":"{{{Other}}}","value":"0x64"},
                {"from":"{{{Stranger}}}","to":"{{{Code}}}","value":"0x3e8","input":"{{{Word(Other)}}}"}]}]}
            """))[0];
        Assert.That(Member(without, "logsBloom"), Is.EqualTo(Member(block, "logsBloom")));
        Assert.That(LogsOf(without.GetProperty("calls")[1]), Is.EqualTo(new[] { $"{Code}  0x 0", $"{Code} {Text(Contracts.Word(0x2a))} 0x 1" }));
    }

    [Test]
    public async Task What_fails_moves_nothing_and_a_creation_is_one_transfer()
    {
        string creation = Text(Contracts.Creating(Contracts.Register));
        JsonElement[] calls = [.. (await SimulateAsync($$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Stranger}}}":{"balance":"0x7d0"},"{{{Code}}}":{"code":"{{{Reverting}}}"}},
              "calls":[{"from":"{{{Stranger}}}","to":"{{{Code}}}","value":"0x3e8","input":"{{{Word(Other)}}}"},
                {"from":"{{{Stranger}}}","data":"{{{creation}}}","value":"0x5"}]}],"traceTransfers":true,"returnFullTransactions":true}
            """))[0].GetProperty("calls").EnumerateArray()];
        Assert.That((Member(calls[0], "status"), calls[0].GetProperty("logs").GetArrayLength()), Is.EqualTo(("0x0", 0)));
        Assert.That(Member(calls[1], "returnData"), Is.EqualTo(Register));
        Assert.That(LogsOf(calls[1]).Single(), Does.StartWith($"{Native} ").And.EndsWith($"{Text(Contracts.Word(5))} 0"));
    }

    [Test]
    public async Task An_inner_call_that_fails_moves_nothing_while_the_calls_around_it_do()
    {
        JsonElement call = (await SimulateAsync($$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Stranger}}}":{"balance":"0x7d0"},"{{{Code}}}":{"code":"{{{Forwarder}}}"},
                "{{{Other}}}":{"code":"{{{Reverting}}}"}},
              "calls":[{"from":"{{{Stranger}}}","to":"{{{Code}}}","value":"0x3e8","input":"{{{Word(Other)}}}"}]}],"traceTransfers":true}
            """))[0].GetProperty("calls")[0];
        Assert.That(LogsOf(call), Is.EqualTo(new[]
        {
            Transfer(Stranger, Code, 0x3e8, 0), $"{Code}  0x 1", $"{Code} {Text(Contracts.Word(0x2a))} 0x 2",
        }));
    }

    [Test]
    public async Task A_failed_call_has_its_error_and_the_others_go_on()
    {
        JsonElement[] calls = [.. (await SimulateAsync($$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Code}}}":{"code":"{{{Register}}}"},"{{{Other}}}":{"code":"0x5b600056"}},
              "calls":[{"to":"{{{Code}}}","input":"0x01"},{"to":"{{{Other}}}","gas":"0x989680"},{"to":"{{{Code}}}"}]}]}
            """))[0].GetProperty("calls").EnumerateArray()];
        JsonElement revert = calls[0].GetProperty("error");
        Assert.That(
            (revert.GetProperty("code").GetInt32(), Member(revert, "message"), Member(revert, "data")),
            Is.EqualTo((3, "execution reverted: no", Member(calls[0], "returnData"))));
        JsonElement exhausted = calls[1].GetProperty("error");
        Assert.That(exhausted.GetProperty("code").GetInt32(), Is.EqualTo(-32015));
        Assert.That(Member(exhausted, "message"), Does.StartWith("vm execution error: out of gas"));
        Assert.That(Number(calls[1], "gasUsed"), Is.EqualTo(10_000_000));
        Assert.That((Member(calls[2], "status"), calls[2].TryGetProperty("error", out _)), Is.EqualTo(("0x1", false)));
    }

    [Test]
    public async Task Waiting_messages_are_a_block_before_those_simulated()
    {
        await _test.Chain.SetMiningAsync(MiningMode.Manual);
        try
        {
            ulong nonce = _test.Chain.PendingNonceOf(TestChain.First);
            _ = await _test.Chain.SendAsync(_test.Sign(EthAddress.Parse(Other), [], value: 77));
            string request = $$$"""{"blockStateCalls":[{"calls":[{"from":"{{{Other}}}","to":"{{{Stranger}}}","value":"0x4d"}]}]}""";
            JsonElement block = (await _rpc.ResultAsync("eth_simulateV1", $"[{request},\"pending\"]"))[0];
            Assert.That(Number(block, "number"), Is.EqualTo(_test.Chain.Head.Number + 2));
            Assert.That(Member(block.GetProperty("calls")[0], "status"), Is.EqualTo("0x1"));
            Assert.That(await CodeAsync(request), Is.EqualTo(-38014));
            Assert.That(_test.Chain.StateOf(_test.Chain.Head).NonceOf(TestChain.First), Is.EqualTo(nonce));
        }
        finally
        {
            await _test.Chain.SetMiningAsync(MiningMode.Automatic);
        }
    }

    [Test]
    public async Task A_contract_may_send_and_pays_as_one_that_is_impersonated()
    {
        JsonElement call = (await SimulateAsync($$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Code}}}":{"code":"{{{Register}}}","balance":"0x10"}},
              "calls":[{"from":"{{{Code}}}","to":"{{{Other}}}","value":"0x10"}]}],"traceTransfers":true}
            """))[0].GetProperty("calls")[0];
        Assert.That(LogsOf(call), Is.EqualTo(new[] { Transfer(Code, Other, 0x10, 0) }));
    }

    [Test]
    public async Task Nonces_count_up_and_only_validation_checks_them()
    {
        string request = $$$"""
            {"blockStateCalls":[{"stateOverrides":{"{{{Stranger}}}":{"balance":"0xde0b6b3a7640000","nonce":"0x5"}},"calls":[
              {"from":"{{{Stranger}}}","to":"{{{Other}}}","maxFeePerGas":"0x3b9aca00","gas":"0x989680"},
              {"from":"{{{Stranger}}}","to":"{{{Other}}}","maxFeePerGas":"0x3b9aca00","gas":"0x989680","nonce":"0x6"}]}],
             "returnFullTransactions":true,"validation":true}
            """;
        JsonElement block = (await SimulateAsync(request))[0];
        Assert.That(
            block.GetProperty("transactions").EnumerateArray().Select(static each => (Member(each, "nonce"), Member(each, "from"))),
            Is.EqualTo(new[] { ("0x5", Stranger), ("0x6", Stranger) }));
        Assert.That(await CodeAsync(request.Replace("\"nonce\":\"0x6\"", "\"nonce\":\"0x5\"", StringComparison.Ordinal)), Is.EqualTo(-38010));
        Assert.That(await CodeAsync(request.Replace("\"nonce\":\"0x6\"", "\"nonce\":\"0x7\"", StringComparison.Ordinal)), Is.EqualTo(-38011));
        string lax = request.Replace("\"validation\":true", "\"validation\":false", StringComparison.Ordinal);
        JsonElement free = (await SimulateAsync(lax.Replace("\"nonce\":\"0x6\"", "\"nonce\":\"0x63\"", StringComparison.Ordinal)))[0];
        Assert.That(Member(free.GetProperty("transactions")[1], "nonce"), Is.EqualTo("0x63"));
        Assert.That(Member(free.GetProperty("calls")[1], "status"), Is.EqualTo("0x1"));
    }

    private static string Text(byte[] bytes) => $"0x{Convert.ToHexStringLower(bytes)}";

    private static string Word(string address) => $"0x{new string('0', 24)}{address[2..]}";

    private static string? Member(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static ulong Number(JsonElement json, string name) => SystemNumber(Member(json, name)!);

    private static ulong SystemNumber(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Transfer(string from, string to, ulong value, int index) =>
        $"{Native} 0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef,{Word(from)},{Word(to)} {Text(Contracts.Word(value))} {index}";

    private static IEnumerable<string> LogsOf(JsonElement call) => call.GetProperty("logs").EnumerateArray().Select(static log =>
        $"{Member(log, "address")} {string.Join(',', log.GetProperty("topics").EnumerateArray().Select(static topic => topic.GetString()))} "
        + $"{Member(log, "data")} {Number(log, "logIndex")}");

    private Task<JsonElement> SimulateAsync(string request) => _rpc.ResultAsync("eth_simulateV1", $"[{request}]");

    private async Task<int> CodeAsync(string request)
    {
        JsonElement answer = await _rpc.AskAsync("eth_simulateV1", $"[{request}]");
        Assert.That(answer.TryGetProperty("error", out JsonElement error), Is.True, $"{answer}");
        TestContext.Out.WriteLine(error.GetProperty("message").GetString());
        return error.GetProperty("code").GetInt32();
    }
}
