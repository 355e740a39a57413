using System.Net;
using System.Text;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests the methods <c>trace_*</c> and <c>debug_trace*</c> over HTTP.</summary>
internal sealed class TraceMethodsTests
{
    private const string Slot = "0x0000000000000000000000000000000000000000000000000000000000000000";

    private TestChain _test = null!;
    private RpcServer _server = null!;
    private HttpClient _client = null!;
    private LocalMessage _deployment = null!;
    private LocalMessage _write = null!;
    private EthAddress _contract;

    [OneTimeSetUp]
    public async Task Start()
    {
        _test = TestChain.Create();
        RpcRegistry registry = new();
        new TraceMethods(_test.Chain).AddTo(registry);
        new DebugMethods(_test.Chain).AddTo(registry);
        _server = await RpcServer.StartAsync(
            new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, new RpcDispatcher(registry, new RpcLimits()));
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Port}/") };
        _deployment = await _test.SendAsync(_test.Sign(to: null, Contracts.Creating(Contracts.Register)));
        _contract = _deployment.Created!.Value;
        await _test.Chain.AdvanceToAsync(_test.Chain.Head.Number + 3);
        _write = await _test.SendAsync(_test.Sign(_contract, Contracts.Word(6)));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_test is not null)
        {
            await _test.DisposeAsync();
        }
    }

    // Such messages pay as little as those that are executed without checks of their senders, which are run again without them, too.
    [Test]
    public async Task Messages_of_a_block_without_a_base_fee_are_traced()
    {
        await _test.Chain.SetNextBaseFeeAsync(TokenAmount.Zero);
        LocalMessage message = await _test.SendAsync(_test.Sign(_contract, Contracts.Word(6), premium: 0));
        Assert.That(message.Ret, Has.Property("BaseFeeBurn").EqualTo(TokenAmount.Zero).And.Property("MinerTip").EqualTo(TokenAmount.Zero));

        JsonElement call = await ResultAsync("trace_transaction", Text(message.Hash));
        Assert.That(call[0].GetProperty("transactionHash").GetString(), Is.EqualTo(message.Hash.ToString()));
    }

    [Test]
    public async Task A_creation_and_a_call_have_their_traces()
    {
        JsonElement creation = await ResultAsync("trace_transaction", Text(_deployment.Hash));
        Assert.That(creation[0].GetProperty("type").GetString(), Is.EqualTo("create"));
        Assert.That(creation[0].GetProperty("result").GetProperty("address").GetString(), Is.EqualTo(_contract.ToString()));

        JsonElement call = await ResultAsync("trace_transaction", Text(_write.Hash));
        Assert.That(call[0].GetProperty("action").GetProperty("to").GetString(), Is.EqualTo(_contract.ToString()));
        Assert.That(call[0].GetProperty("transactionHash").GetString(), Is.EqualTo(_write.Hash.ToString()));
        JsonElement block = await ResultAsync("trace_block", "\"latest\"");
        Assert.That(block.GetRawText(), Is.EqualTo(call.GetRawText()));
        JsonElement filtered = await ResultAsync("trace_filter", $$"""{"fromBlock":"0x0","toAddress":["{{_contract}}"]}""");
        Assert.That(filtered.GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Geths_tracers_agree_with_the_receipt_and_the_state()
    {
        JsonElement calls = await ResultAsync("debug_traceTransaction", Text(_write.Hash), """{"tracer":"callTracer","tracerConfig":{"withLog":true}}""");
        Assert.That(calls.GetProperty("gasUsed").GetString(), Is.EqualTo($"0x{_write.Ret.Receipt.GasUsed:x}"));
        Assert.That(calls.GetProperty("logs")[0].GetProperty("data").GetString(), Is.EqualTo($"0x{Convert.ToHexStringLower(Contracts.Word(6))}"));

        JsonElement changes = await ResultAsync(
            "debug_traceTransaction", Text(_write.Hash), """{"tracer":"prestateTracer","tracerConfig":{"diffMode":true}}""");
        JsonElement storage = changes.GetProperty("post").GetProperty(_contract.ToString()).GetProperty("storage");
        Assert.That(storage.GetProperty(Slot).GetString(), Is.EqualTo($"0x{Convert.ToHexStringLower(Contracts.Word(6))}"));

        JsonElement created = await ResultAsync("debug_traceTransaction", Text(_deployment.Hash), """{"tracer":"callTracer"}""");
        Assert.That(created.GetProperty("output").GetString(), Is.EqualTo($"0x{Convert.ToHexStringLower(Contracts.Register)}"));

        JsonElement block = await ResultAsync("debug_traceBlockByNumber", "\"latest\"", """{"tracer":"4byteTracer"}""");
        Assert.That(block[0].GetProperty("txHash").GetString(), Is.EqualTo(_write.Hash.ToString()));
        Assert.That(block[0].GetProperty("result").GetProperty("0x00000000-28").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Calls_are_traced_on_a_state_without_changing_it()
    {
        string call = $$"""{"to":"{{_contract}}","data":"0x{{Convert.ToHexStringLower(Contracts.Word(9))}}"}""";
        JsonElement replay = await ResultAsync("trace_call", call, """["trace","stateDiff"]""", "\"latest\"");
        JsonElement slot = replay.GetProperty("stateDiff").GetProperty(_contract.ToString()).GetProperty("storage").GetProperty(Slot);
        Assert.That(slot.GetProperty("*").GetProperty("from").GetString(), Does.EndWith("06"));
        Assert.That(slot.GetProperty("*").GetProperty("to").GetString(), Does.EndWith("09"));

        JsonElement reverted = await ResultAsync("debug_traceCall", $$"""{"to":"{{_contract}}","data":"0x01"}""", "\"latest\"", """{"tracer":"callTracer"}""");
        Assert.That(reverted.GetProperty("error").GetString(), Is.EqualTo("execution reverted"));
        Assert.That(reverted.GetProperty("revertReason").GetString(), Is.EqualTo("no"));
    }

    [TestCase("trace_transaction", "[\"0x0000000000000000000000000000000000000000000000000000000000000001\"]", "there is no transaction")]
    [TestCase("trace_call", "[{},[\"vmTrace\"]]", "there are trace and stateDiff")]
    [TestCase("debug_traceCall", "[{},\"latest\",{\"tracer\":\"x\"}]", "the tracer x is not known")]
    [TestCase("debug_traceCall", "[{},\"latest\",{\"limit\":-1}]", "limit is a number of steps")]
    [TestCase("trace_filter", "[{\"count\":501}]", "use after and count")]
    public async Task What_cannot_be_answered_is_refused_with_a_reason(string method, string parameters, string reason)
    {
        JsonElement answer = await PostAsync(method, parameters);

        Assert.That(answer.GetProperty("error").GetProperty("message").GetString(), Does.Contain(reason));
    }

    private static string Text(EthHash hash) => $"\"{hash}\"";

    private async Task<JsonElement> ResultAsync(string method, params string[] parameters)
    {
        JsonElement answer = await PostAsync(method, $"[{string.Join(',', parameters)}]");
        return answer.TryGetProperty("result", out JsonElement result) ? result : throw new AssertionException(answer.GetRawText());
    }

    private async Task<JsonElement> PostAsync(string method, string parameters)
    {
        using StringContent body = new($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync((Uri?)null, body);
        using JsonDocument parsed = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return parsed.RootElement.Clone();
    }
}
