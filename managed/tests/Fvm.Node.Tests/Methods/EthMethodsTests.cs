using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests the methods over HTTP.</summary>
internal sealed class EthMethodsTests
{
    private const string Second = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

    private TestChain _test = null!;
    private RpcServer _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _test = TestChain.Create();
        RpcRegistry registry = new();
        new EthMethods(_test.Chain, new Wallet(TestChain.Accounts)).AddTo(registry);
        RpcDispatcher dispatcher = new(registry, new RpcLimits());
        _server = await RpcServer.StartAsync(new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, dispatcher);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Port}/rpc/v1") };
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

    [Test]
    public async Task The_node_says_what_it_is()
    {
        Assert.That((await ResultAsync("eth_chainId")).GetString(), Is.EqualTo("0x1df5e76"));
        Assert.That((await ResultAsync("net_version")).GetString(), Is.EqualTo("31415926"));
        Assert.That((await ResultAsync("web3_clientVersion")).GetString(), Does.StartWith("anvil/fvm-"));
        Assert.That((await ResultAsync("eth_accounts"))[0].GetString(), Is.EqualTo("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"));
        Assert.That((await ResultAsync("eth_getBlockByNumber", "\"earliest\"", "false")).GetProperty("number").GetString(), Is.EqualTo("0x0"));
    }

    [Test]
    public async Task A_transaction_is_estimated_sent_and_read_back()
    {
        string data = $"0x{Convert.ToHexStringLower(Contracts.Creating(Contracts.Register))}";
        string hash = (await ResultAsync("eth_sendTransaction", $$"""{"from":"{{Second}}","data":"{{data}}"}""")).GetString()!;
        JsonElement receipt = await ResultAsync("eth_getTransactionReceipt", $"\"{hash}\"");
        string contract = receipt.GetProperty("contractAddress").GetString()!;
        Assert.That(receipt.GetProperty("status").GetString(), Is.EqualTo("0x1"));

        JsonElement code = await ResultAsync("eth_getCode", $"\"{contract}\"", "\"latest\"");
        Assert.That(code.GetString(), Is.EqualTo($"0x{Convert.ToHexStringLower(Contracts.Register)}"));

        string word = Convert.ToHexStringLower(Contracts.Word(6));
        JsonElement sent = await ResultAsync(
            "eth_sendTransaction", $$"""{"from":"{{Second}}","to":"{{contract}}","input":"0x{{word}}","data":"0x{{word}}"}""");
        JsonElement written = await ResultAsync("eth_getTransactionReceipt", $"\"{sent.GetString()}\"");
        JsonElement log = written.GetProperty("logs")[0];
        Assert.That(
            (log.GetProperty("address").GetString(), log.GetProperty("data").GetString(), log.GetProperty("logIndex").GetString()),
            Is.EqualTo((contract, $"0x{word}", "0x0")));
        JsonElement logs = await ResultAsync("eth_getLogs", $$"""{"fromBlock":"0x0","address":"{{contract}}","topics":[null]}""");
        Assert.That(logs.EnumerateArray().Select(static item => item.GetRawText()), Is.EqualTo(new[] { log.GetRawText() }));
        Assert.That((await ResultAsync("eth_getStorageAt", $"\"{contract}\"", "\"0x0\"", "\"latest\"")).GetString(), Is.EqualTo($"0x{word}"));
        Assert.That((await ResultAsync("eth_call", $$"""{"to":"{{contract}}"}""", "\"latest\"")).GetString(), Is.EqualTo($"0x{word}"));

        JsonElement block = await ResultAsync("eth_getBlockByNumber", "\"latest\"", "true");
        Assert.That(block.GetProperty("transactions")[0].GetProperty("hash").GetString(), Is.EqualTo(sent.GetString()));
        Assert.That(block.GetProperty("logsBloom").GetString(), Is.EqualTo(written.GetProperty("logsBloom").GetString()).And.Contain("1"));
        Assert.That(block.GetProperty("gasUsed").GetString(), Is.EqualTo(written.GetProperty("gasUsed").GetString()));
    }

    [Test]
    public async Task A_raw_transaction_gives_its_receipt_at_once()
    {
        EthTransaction transaction = _test.Sign(EthAddress.Parse(Second), [], value: 3, account: 2);
        JsonElement receipt = await ResultAsync("eth_sendRawTransactionSync", $"\"0x{Convert.ToHexStringLower(transaction.EncodeSigned())}\"");
        Assert.That(receipt.GetProperty("transactionHash").GetString(), Is.EqualTo(transaction.Hash.ToString()));
        JsonElement again = await ErrorAsync("eth_sendRawTransaction", $"\"0x{Convert.ToHexStringLower(transaction.EncodeSigned())}\"");
        Assert.That(again.GetProperty("message").GetString(), Does.StartWith("already known"));
    }

    [Test]
    public async Task Errors_have_codes_and_reasons()
    {
        EthAddress register = await _test.DeployAsync();
        JsonElement error = await ErrorAsync("eth_call", $$"""{"to":"{{register}}","data":"0x01"}""", "\"latest\"");
        Assert.That((error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()), Is.EqualTo((3, "execution reverted: no")));
        Assert.That(error.GetProperty("data").GetString(), Does.StartWith("0x08c379a0"));
        error = await ErrorAsync("eth_estimateGas", $$"""{"to":"{{register}}","data":"0x01"}""");
        Assert.That(error.GetProperty("code").GetInt32(), Is.EqualTo(3));
        error = await ErrorAsync("eth_getBalance", "\"0x12\"", "\"latest\"");
        Assert.That((error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()), Is.EqualTo((-32602,
            "parameter 0 (address): expected an address: 0x and 40 hexadecimal digits, found \"0x12\"")));
        error = await ErrorAsync("eth_sendTransaction", """{"from":"0x00000000000000000000000000000000000000aa"}""");
        Assert.That(error.GetProperty("message").GetString(), Does.StartWith("unknown account"));
        error = await ErrorAsync("eth_getBalance", $"\"{Second}\"", "\"0xffffff\"");
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("does not exist"));
        Assert.That((await ErrorAsync("eth_getProof")).GetProperty("code").GetInt32(), Is.EqualTo(-32601));
    }

    [Test]
    public async Task The_fees_of_the_past_have_one_base_fee_more_than_blocks()
    {
        await _test.Chain.MineAsync(count: 2);
        JsonElement history = await ResultAsync("eth_feeHistory", "\"0x2\"", "\"latest\"", "[20]");
        Assert.That(
            (history.GetProperty("baseFeePerGas").GetArrayLength(), history.GetProperty("gasUsedRatio").GetArrayLength(),
                history.GetProperty("reward").GetArrayLength(), history.GetProperty("reward")[0].GetArrayLength()),
            Is.EqualTo((3, 2, 2, 1)));
        Assert.That((await ResultAsync("eth_gasPrice")).GetString(), Does.StartWith("0x"));
    }

    [Test]
    public async Task An_incomplete_transaction_is_completed()
    {
        JsonElement filled = await ResultAsync("eth_fillTransaction", $$"""{"from":"{{Second}}","to":"{{Second}}","value":"0x1"}""");
        JsonElement transaction = filled.GetProperty("tx");
        Assert.That(filled.GetProperty("raw").GetString(), Does.StartWith("0x02"));
        Assert.That(transaction.GetProperty("gas").GetString(), Has.Length.GreaterThan(6));
        Assert.That(transaction.GetProperty("chainId").GetString(), Is.EqualTo("0x1df5e76"));
    }

    private async Task<JsonElement> ResultAsync(string method, params string[] parameters)
    {
        JsonElement answer = await AskAsync(method, parameters);
        return answer.TryGetProperty("result", out JsonElement result) ? result : throw new AssertionException(answer.GetRawText());
    }

    private async Task<JsonElement> ErrorAsync(string method, params string[] parameters)
    {
        JsonElement answer = await AskAsync(method, parameters);
        return answer.TryGetProperty("error", out JsonElement error) ? error : throw new AssertionException(answer.GetRawText());
    }

    private async Task<JsonElement> AskAsync(string method, string[] parameters)
    {
        string request = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":[{{string.Join(',', parameters)}}]}""";
        using StringContent content = new(request, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync((Uri?)null, content);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
