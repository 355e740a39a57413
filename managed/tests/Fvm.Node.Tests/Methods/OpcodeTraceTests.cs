using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests the log of opcodes, Geth's trace without a tracer.</summary>
internal sealed class OpcodeTraceTests
{
    private TestChain _test = null!;
    private RequestTester _rpc = null!;
    private LocalMessage _deployment = null!;
    private LocalMessage _write = null!;
    private EthAddress _contract;

    [OneTimeSetUp]
    public async Task Start()
    {
        _test = TestChain.Create();
        _rpc = new RequestTester(NodeMethods.Of(_test.Chain, TestChain.Accounts, TestChain.Natives));
        _deployment = await _test.SendAsync(_test.Sign(to: null, Contracts.Creating(Contracts.Register)));
        _contract = _deployment.Created!.Value;
        _write = await _test.SendAsync(_test.Sign(_contract, Contracts.Word(6)));
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
    public async Task A_write_has_its_steps_with_the_gas_of_the_receipt()
    {
        JsonElement trace = await _rpc.ResultAsync("debug_traceTransaction", $"[\"{_write.Hash}\"]");

        Assert.That(trace.GetProperty("gas").GetUInt64(), Is.EqualTo(_write.Ret.Receipt.GasUsed));
        Assert.That(trace.GetProperty("failed").GetBoolean(), Is.False);
        JsonElement[] steps = [.. trace.GetProperty("structLogs").EnumerateArray()];
        JsonElement store = steps.Single(static step => step.GetProperty("op").GetString() == "SSTORE");
        Assert.That(store.GetProperty("storage").EnumerateObject().Single().Value.GetString(), Does.EndWith("06"));
        Assert.That(store.GetProperty("stack")[store.GetProperty("stack").GetArrayLength() - 2].GetString(), Is.EqualTo("0x6"));
        Assert.That(steps[0].GetProperty("pc").GetInt32(), Is.Zero);
        Assert.That(steps.Select(static step => step.GetProperty("depth").GetInt32()), Is.All.EqualTo(1));
        Assert.That(steps.Sum(static step => step.GetProperty("gasCost").GetInt64()), Is.Positive.And.LessThan((long)_write.Ret.Receipt.GasUsed));
        Assert.That(steps.Select(static step => step.GetProperty("gas").GetInt64()), Is.Ordered.Descending);
        Assert.That(steps[0].TryGetProperty("memory", out _), Is.False);
    }

    [Test]
    public async Task A_creation_returns_its_code_and_a_block_has_all_its_transactions()
    {
        JsonElement trace = await _rpc.ResultAsync("debug_traceTransaction", $"[\"{_deployment.Hash}\"]");
        Assert.That(trace.GetProperty("returnValue").GetString(), Is.EqualTo($"0x{Convert.ToHexStringLower(Contracts.Register)}"));

        JsonElement block = await _rpc.ResultAsync("debug_traceBlockByNumber", "[\"latest\"]");
        Assert.That(block[0].GetProperty("txHash").GetString(), Is.EqualTo($"{_write.Hash}"));
        Assert.That(block[0].GetProperty("result").GetProperty("structLogs").GetArrayLength(), Is.Positive);
    }

    [Test]
    public async Task Options_choose_what_is_written()
    {
        JsonElement trace = await _rpc.ResultAsync(
            "debug_traceTransaction", $$"""["{{_write.Hash}}",{"disableStack":true,"enableMemory":true,"disableStorage":true,"limit":4}]""");

        JsonElement[] steps = [.. trace.GetProperty("structLogs").EnumerateArray()];
        Assert.That(steps, Has.Length.EqualTo(4));
        Assert.That(steps.Any(static step => step.TryGetProperty("stack", out _) || step.TryGetProperty("storage", out _)), Is.False);
        Assert.That(steps, Has.All.Matches<JsonElement>(static step => step.TryGetProperty("memory", out _)));
    }

    [Test]
    public async Task A_call_that_reverts_ends_with_the_error_and_its_data()
    {
        JsonElement trace = await _rpc.ResultAsync("debug_traceCall", $$"""[{"to":"{{_contract}}","data":"0x01"},"latest"]""");

        Assert.That(trace.GetProperty("failed").GetBoolean(), Is.True);
        Assert.That(trace.GetProperty("returnValue").GetString(), Has.Length.GreaterThan(2));
        JsonElement last = trace.GetProperty("structLogs").EnumerateArray().Last();
        Assert.That(last.GetProperty("op").GetString(), Is.EqualTo("REVERT"));
        Assert.That(last.TryGetProperty("error", out _), Is.False);
    }

    [Test]
    public async Task Words_have_a_prefix_and_what_is_asked_for_is_in_each_step()
    {
        // MSTORE8, the hash of its word as a key, SSTORE, SLOAD, a call of the identity precompile, and its data.
        const string Code = "60ab600153602060002060ff9055602060002054505f5f60206000600461fffff45f";
        string word = $"00ab{new string('0', 60)}";
        JsonElement trace = await TraceAsync(Code, 1_000_000_000, """, "enableMemory": true, "enableReturnData": true""");

        JsonElement[] steps = [.. trace.GetProperty("structLogs").EnumerateArray()];
        Assert.That(steps[0].GetProperty("memory").GetArrayLength(), Is.Zero);
        Assert.That(steps[^1].GetProperty("memory")[0].GetString(), Is.EqualTo($"0x{word}"));
        Assert.That(steps.Select(static step => step.GetProperty("returnData").GetString()), Is.All.StartsWith("0x"));
        Assert.That(steps[0].GetProperty("returnData").GetString(), Is.EqualTo("0x"));
        foreach (string opcode in (string[])["SSTORE", "SLOAD"])
        {
            JsonElement step = steps.Single(each => each.GetProperty("op").GetString() == opcode);
            JsonProperty slot = step.GetProperty("storage").EnumerateObject().Single();
            Assert.That(slot.Name, Does.Match("^0x[0-9a-f]{64}$"));
            Assert.That(slot.Value.GetString(), Is.EqualTo($"0x{new string('0', 62)}ff"));
        }

        Assert.That(steps.Count(static step => step.TryGetProperty("storage", out _)), Is.EqualTo(2));
    }

    [TestCase("44", "DIFFICULTY")]
    [TestCase("49", "BLOBHASH")]
    [TestCase("4a", "BLOBBASEFEE")]
    [TestCase("4b", "opcode 0x4b not defined")]
    public async Task Opcodes_are_called_as_Geth_calls_them(string code, string name)
    {
        JsonElement trace = await TraceAsync(code, 100_000_000);
        Assert.That(trace.GetProperty("structLogs")[0].GetProperty("op").GetString(), Is.EqualTo(name));
    }

    [TestCase("600156", 10_000_000, "JUMP", "invalid jump destination")]
    [TestCase("fe", 10_000_000, "INVALID", "invalid instruction")]
    [TestCase("0c", 10_000_000, "opcode 0xc not defined", "undefined instruction")]
    [TestCase("01", 10_000_000, "ADD", "stack underflow")]
    [TestCase("600160016001fd", 10_000_000, "REVERT", null)]
    [TestCase("5a505b600256", 100_000_000, "POP", "out of gas")]
    public async Task Failures_are_at_the_opcode_that_they_belong_to(string code, long gas, string opcode, string? error)
    {
        JsonElement trace = await TraceAsync(code, gas);

        JsonElement last = trace.GetProperty("structLogs").EnumerateArray().Last();
        Assert.That(last.GetProperty("op").GetString(), Is.EqualTo(opcode), trace.GetRawText());
        Assert.That(last.TryGetProperty("error", out JsonElement found) ? found.GetString() : null, Is.EqualTo(error));
    }

    [Test]
    public async Task A_transfer_to_an_account_has_an_empty_log()
    {
        JsonElement trace = await _rpc.ResultAsync("debug_traceCall", """[{"to":"0x0000000000000000000000000000000000001234","value":"0x0"},"latest"]""");

        Assert.That(trace.GetProperty("failed").GetBoolean(), Is.False);
        Assert.That(trace.GetProperty("structLogs").GetArrayLength(), Is.Zero);
        Assert.That(trace.GetProperty("gas").GetUInt64(), Is.Positive);
    }

    // A call of a contract with this code.
    private Task<JsonElement> TraceAsync(string code, long gas, string options = "")
    {
        string call = $$"""{"to":"{{_contract}}","gas":"0x{{gas:x}}"}""";
        string overrides = $$"""{"stateOverrides":{"{{_contract}}":{"code":"0x{{code}}"} }{{options}} }""";
        return _rpc.ResultAsync("debug_traceCall", $"[{call},\"latest\",{overrides}]");
    }
}
