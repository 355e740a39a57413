using System.Text;
using System.Text.Json;

namespace Fvm.Node.Tests;

public sealed class DispatcherTests
{
    private static readonly RpcLimits Limits = new() { MaxBatch = 5, MaxDepth = 8, MaxBatchResponseBytes = 200 };

    [TestCase("1")]
    [TestCase("\"a\\u00e9\"")]
    [TestCase("null")]
    [TestCase("1.50")]
    [TestCase("12345678901234567890123")]
    [TestCase("{\"a\":[1]}")]
    [TestCase("\"\\ud800\"")]
    public async Task An_ID_of_any_kind_is_given_back_as_it_came(string id)
    {
        string answer = await AskAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"echo","params":[7]}""");
        Assert.That(answer, Is.EqualTo($$"""{"jsonrpc":"2.0","id":{{id}},"result":7}"""));
    }

    [TestCase("""{"id":1,"method":"count"}""")]
    [TestCase("""{"id":1,"method":"count","params":null}""")]
    [TestCase("""{"id":1,"method":"count","params":[]}""")]
    [TestCase("""{"id":1,"method":"count","params":{}}""")]
    [TestCase("""{"id":1,"method":"count","more":{"x":1},"jsonrpc":7}""")]
    public async Task Missing_parameters_are_none(string request) =>
        Assert.That(await AskAsync(request), Is.EqualTo("""{"jsonrpc":"2.0","id":1,"result":0}"""));

    [TestCase("", -32700, "no JSON")]
    [TestCase("{", -32700, "no JSON")]
    [TestCase("{}{}", -32700, "no JSON")]
    [TestCase("[[[[[[[[[[]]]]]]]]]]", -32700, "depth")]
    [TestCase("7", -32600, "an object")]
    [TestCase("[]", -32600, "empty")]
    [TestCase("{}", -32600, "method")]
    [TestCase("""{"id":1,"method":7}""", -32600, "method")]
    [TestCase("""{"id":1,"method":"\ud800"}""", -32600, "Unicode")]
    [TestCase("""{"id":1,"method":"none\u001b"}""", -32601, "none\\\\u001b does not exist")]
    [TestCase("""{"id":1,"method":"count","params":{"a":1}}""", -32602, "by position")]
    [TestCase("""{"id":1,"method":"count","params":7}""", -32602, "by position")]
    [TestCase("""{"id":1,"method":"fail"}""", -32603, "internal error in fail: oops")]
    [TestCase("""{"id":1,"method":"half"}""", -32603, "not complete")]
    [TestCase("""{"id":1,"method":"revert"}""", 3, "execution reverted: no")]
    [TestCase("""[1,2,3,4,5,6]""", -32005, "at most 5")]
    public async Task A_fault_is_an_error_with_its_code(string request, int code, string message)
    {
        string answer = await AskAsync(request);
        JsonElement error = JsonDocument.Parse(answer).RootElement.GetProperty("error");
        Assert.That(error.GetProperty("code").GetInt32(), Is.EqualTo(code), answer);
        Assert.That(answer, Does.Contain(message));
        Assert.That(error.GetProperty("message").GetString(), Does.Not.Contain("\n"));
    }

    [Test]
    public async Task Bytes_that_are_not_UTF_8_are_no_JSON() =>
        Assert.That(Encoding.UTF8.GetString((await Dispatcher().AnswerAsync((byte[])[0x22, 0xff, 0x22], null, default)).Span), Does.Contain("UTF-8"));

    [Test]
    public async Task Revert_bytes_are_the_data_of_the_error() =>
        Assert.That(await AskAsync("""{"id":1,"method":"revert"}"""), Does.Contain("\"data\":\"0x08c379a0\""));

    [Test]
    public async Task A_batch_is_answered_in_its_order_without_its_notifications()
    {
        string answer = await AskAsync("""
            [{"method":"count"},{"id":1,"method":"echo","params":["a"]},{"method":"none"},5,{"id":2,"method":"none"}]
            """);
        JsonElement[] answers = [.. JsonDocument.Parse(answer).RootElement.EnumerateArray()];
        Assert.That(answers, Has.Length.EqualTo(3));
        Assert.That(answers[0].GetProperty("result").GetString(), Is.EqualTo("a"));
        Assert.That(answers[1].GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32600));
        Assert.That(answers[2].GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32601));
    }

    [TestCase("""{"method":"count"}""")]
    [TestCase("""{"method":"fail"}""")]
    [TestCase("""[{"method":"count"},{"method":"none"}]""")]
    public async Task Notifications_have_no_answer(string request) => Assert.That(await AskAsync(request), Is.Empty);

    [Test]
    public async Task A_batch_with_large_responses_ends_with_refusals()
    {
        string text = new('x', 150);
        string one = $$"""{"id":1,"method":"echo","params":["{{text}}"]}""";
        JsonElement[] answers = [.. JsonDocument.Parse(await AskAsync($"[{one},{one},{one},{one}]")).RootElement.EnumerateArray()];
        Assert.That(answers.Count(static answer => answer.TryGetProperty("result", out _)), Is.EqualTo(2));
        Assert.That(answers[3].GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32005));
    }

    [Test]
    public async Task A_handler_that_writes_nothing_returns_null() =>
        Assert.That(await AskAsync("""{"id":1,"method":"nothing"}"""), Is.EqualTo("""{"jsonrpc":"2.0","id":1,"result":null}"""));

    [Test]
    public void An_unforeseen_failure_is_reported()
    {
        List<string> reports = [];
        _ = new RpcDispatcher(Registry(), Limits, (name, error) => reports.Add($"{name}: {error.Message}"))
            .AnswerAsync("""{"id":1,"method":"fail"}"""u8.ToArray(), null, default).AsTask().Result;
        Assert.That(reports, Is.EqualTo(new[] { "fail: oops" }));
    }

    [TestCase("eth_chainId", "Filecoin.EthChainId")]
    [TestCase("net_version", "Filecoin.NetVersion")]
    [TestCase("web3_clientVersion", "Filecoin.Web3ClientVersion")]
    [TestCase("trace_block", "Filecoin.EthTraceBlock")]
    [TestCase("evm_mine", null)]
    [TestCase("echo", null)]
    public void Methods_of_Ethereum_have_their_alias_of_Lotus(string name, string? alias)
    {
        Assert.That(RpcRegistry.LotusAlias(name), Is.EqualTo(alias));
        RpcRegistry registry = new();
        registry.Add(name, static _ => { });
        Assert.That(registry.Names, Is.EquivalentTo(alias is null ? new[] { name } : [name, alias]));
    }

    internal static RpcRegistry Registry()
    {
        RpcRegistry registry = new();
        registry.Add("count", static call => call.Result.WriteNumberValue(call.Parameters.Count));
        registry.Add("echo", static call => call.Parameters[0, "value"].Element.WriteTo(call.Result));
        registry.Add("fail", static _ => throw new ArgumentException("oops"));
        registry.Add("half", static call => call.Result.WriteStartArray());
        registry.Add("nothing", static _ => { });
        registry.Add("revert", static _ => throw RpcException.OfRevert("execution reverted: no", [0x08, 0xc3, 0x79, 0xa0]));
        registry.AddAsync("wait", static async call => await Task.Delay(Timeout.Infinite, call.Cancellation));
        registry.Add("notify", static call =>
        {
            for (int i = 0; i < 3; i++)
            {
                int number = i;
                _ = call.Session?.Push(RpcDispatcher.Notification("0x1", writer => writer.WriteNumberValue(number)));
            }
        });
        registry.Add("flood", static call =>
        {
            while (call.Session!.Push(new byte[1 << 20]))
            {
            }
        });
        return registry;
    }

    private static RpcDispatcher Dispatcher() => new(Registry(), Limits);

    private static async Task<string> AskAsync(string request) =>
        Encoding.UTF8.GetString((await Dispatcher().AnswerAsync(Encoding.UTF8.GetBytes(request), session: null, default)).Span);
}
