using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>
/// Mutated requests and transactions: each gets a result, or an error that says what is wrong. <c>FVM_NODE_FUZZ</c> sets how many,
/// <c>FVM_NODE_FUZZ_SEED</c> which, <c>FVM_NODE_FUZZ_LAST</c> a file that has the last request if the process dies.
/// </summary>
internal sealed class HostileRequestTests
{
    private const int DefaultCount = 1_500;
    private const int Turn = 250;
    private const int MaxMessage = 1_001;
    private const int MaxShown = 12;
    private const long MaxHeapBytes = 768L << 20;

    // A client that goes away. What still runs then has to end.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    // Texts of the runtime, which are for programmers.
    private static readonly string[] Foreign =
    [
        "Exception", "System.", "Object reference", "Nullable", "Index was", "Sequence contains", "Specified argument", "(Parameter", "overflow.",
        "Arithmetic", "The given key", "Collection was", "Operation is not", "Cannot access", "Value was either",
    ];

    private readonly SortedDictionary<string, string> _faults = new(StringComparer.Ordinal);

    // Zero for results.
    private readonly SortedDictionary<int, int> _codes = [];

    private TestChain _test = null!;
    private RpcDispatcher _dispatcher = null!;
    private RpcRegistry _registry = null!;
    private Exception? _reported;

    [SetUp]
    public void Start()
    {
        _test = TestChain.Create(change: static options => options with { KeepStates = 50, StateBytes = 16 << 20, HistoryBytes = 16 << 20 });
        AccountKey[] keys = [.. TestChain.Natives, .. TestChain.Accounts.Select(AccountKey.OfEthereum)];
        _registry = NodeMethods.Of(_test.Chain, TestChain.Accounts, keys);
        _dispatcher = new RpcDispatcher(_registry, new RpcLimits(), (_, exception) => _reported = exception);
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
    public async Task Every_method_has_a_well_formed_request_that_is_mutated()
    {
        IReadOnlyList<(string Method, string Parameters)> requests = WellFormedRequests.Of(_registry, await ValuesAsync());
        Assert.That(_registry.Names, Is.SubsetOf(requests.Select(static request => request.Method).Distinct()));
        foreach ((string method, string parameters) in requests)
        {
            Assert.That(() => JsonElement.Parse(parameters), Throws.Nothing, method);
        }
    }

    [Test]
    public async Task Mutated_requests_get_a_result_or_an_error_that_says_what_is_wrong()
    {
        int count = Setting("FVM_NODE_FUZZ", DefaultCount);
        int seed = Setting("FVM_NODE_FUZZ_SEED", 1);
        string? last = Environment.GetEnvironmentVariable("FVM_NODE_FUZZ_LAST");
        long peak = 0;
        for (int done = 0; done < count; done += Turn)
        {
            // A turn has a seed of its own, so that it can be repeated alone.
            Random random = new(seed + (done / Turn));
            ulong snapshot = await _test.Chain.SnapshotAsync();
            IReadOnlyDictionary<string, string> values = await ValuesAsync();
            RequestMutator mutator = new(
                WellFormedRequests.Of(_registry, values),
                new TransactionMutator(_test.Chain, EthAddress.Parse(values["contract"].Trim('"')), random),
                random);
            using RpcSession session = new(_dispatcher, static (_, _) => ValueTask.CompletedTask);
            for (int i = done; i < Math.Min(done + Turn, count); i++)
            {
                byte[] request = mutator.Next();
                if (last is not null)
                {
                    await File.WriteAllBytesAsync(last, request);
                }

                await CheckAsync($"seed {seed + (done / Turn)}, request {i - done}", request, i % 2 == 0 ? session : null);
            }

            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: done % (Turn * 20) == 0));
            await RestoreAsync(snapshot);
        }

        string codes = string.Join(", ", _codes.Select(static code => $"{(code.Key == 0 ? "results" : $"{code.Key}")}: {code.Value}"));
        TestContext.Out.WriteLine($"{count} requests, seed {seed}: {_faults.Count} kinds of faults; heap at most {peak >> 20} MiB; {codes}");
        Assert.That(_faults.Take(MaxShown).Select(static fault => $"{fault.Key}\n  {fault.Value}"), Is.Empty);
        Assert.That(peak, Is.LessThan(MaxHeapBytes));
        Assert.That((await _test.SendAsync(_test.Sign(TestChain.Accounts[1].EthAddress, []))).Ret.Receipt.ExitCode.IsSuccess, "the node still works");
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;

    // The state that requests may have changed in any way.
    private async Task RestoreAsync(ulong snapshot)
    {
        await _test.Chain.SetMiningAsync(MiningMode.Manual);
        if (!await _test.Chain.RevertAsync(snapshot))
        {
            await _test.Chain.ResetAsync();
        }

        foreach (PoolMessage message in _test.Chain.Pool.All())
        {
            _ = _test.Chain.Pool.Remove(message.Hash);
        }

        await _test.Chain.SetGasPerBlockAsync(LocalChain.BlockGasLimit);
        await _test.Chain.SetMiningAsync(MiningMode.Automatic);
        await _test.Chain.SetTimestampIntervalAsync(null);
        await _test.Chain.SetTimeAsync(_test.Chain.Head.Timestamp);
    }

    private async Task<IReadOnlyDictionary<string, string>> ValuesAsync()
    {
        EthAddress contract = await _test.DeployAsync();
        LocalMessage written = await _test.SendAsync(_test.Sign(contract, Contracts.Word(3)));
        byte[] raw = _test.Sign(contract, Contracts.Word(4)).EncodeSigned();
        RequestTester rpc = new(_registry);
        string native = $"\"{TestChain.Natives[0].Address}\"";
        string message = $$"""{"From":{{native}},"To":"t099","Value":"1","Method":0,"GasLimit":0,"GasFeeCap":"0","GasPremium":"0","Params":"","Nonce":0}""";
        string first = $"\"{TestChain.First}\"";
        JsonElement header = (await rpc.ResultAsync("Filecoin.ChainHead")).GetProperty("Cids");
        string signed = (await rpc.ResultAsync(
            "Filecoin.WalletSignMessage", $"[{native},{message.Replace("\"GasLimit\":0", "\"GasLimit\":100000000", StringComparison.Ordinal)}]")).GetRawText();
        string dump = (await rpc.ResultAsync("anvil_dumpState")).GetRawText();
        return new Dictionary<string, string>
        {
            ["first"] = first,
            ["second"] = $"\"{TestChain.Accounts[1].EthAddress}\"",
            ["native"] = native,
            ["contract"] = $"\"{contract}\"",
            ["word"] = $"\"0x{Convert.ToHexStringLower(Contracts.Word(0x2a))}\"",
            ["tx"] = $"\"{written.Hash}\"",
            ["block"] = $"\"{_test.Chain.Head.Hash}\"",
            ["call"] = $$"""{"from":{{first}},"to":"{{contract}}","data":"0x","value":"0x0","gas":"0x5f5e100"}""",
            ["transfer"] = $$"""{"from":{{first}},"to":"{{TestChain.Accounts[1].EthAddress}}","value":"0x1","maxFeePerGas":"0x3b9aca00"}""",
            ["logs"] = $$"""{"address":"{{contract}}","fromBlock":"0x0","toBlock":"latest","topics":[]}""",
            ["raw"] = $"\"0x{Convert.ToHexStringLower(raw)}\"",
            ["typed"] = """
                {"types":{"EIP712Domain":[{"name":"name","type":"string"}],"Mail":[{"name":"to","type":"address[]"},{"name":"n","type":"uint8"}]},
                "primaryType":"Mail","domain":{"name":"a"},"message":{"to":["0x70997970c51812dc3a010c7d01b50e0d17dc79c8"],"n":1}}
                """,
            ["tracer"] = """{"tracer":"callTracer","tracerConfig":{"withLog":true,"onlyTopCall":false}}""",
            ["dump"] = dump,
            ["key"] = header.GetRawText(),
            ["header"] = header[0].GetRawText(),
            ["cid"] = $$"""{"/":"{{written.Message.Cid}}"}""",
            ["events"] = $$"""{"/":"{{written.Ret.Receipt.EventsRoot}}"}""",
            ["message"] = message,
            ["signed"] = signed,
        };
    }

    private async Task CheckAsync(string place, byte[] request, RpcSession? session)
    {
        _reported = null;
        long start = Stopwatch.GetTimestamp();
        using CancellationTokenSource gone = new(Patience);
        string? fault;
        try
        {
            Task<ReadOnlyMemory<byte>> answer = _dispatcher.AnswerAsync(request, session, gone.Token).AsTask();
            fault = FaultOf(await answer.WaitAsync(Hang));
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Waited for something, and stopped.
            fault = null;
        }
        catch (Exception exception)
        {
            fault = $"{exception.GetType().Name}: {exception.Message}";
        }

        if (fault is not null)
        {
            string text = Encoding.UTF8.GetString(request);
            string shown = text.Length <= 1_500 ? text : $"{text[..1_500]}… ({text.Length} characters)";
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            _ = _faults.TryAdd(fault.Length <= 160 ? fault : fault[..160], $"{place}, {time.TotalMilliseconds:f0} ms: {shown}\n  {_reported}");
        }
    }

    // Null if the answer is of the form of JSON-RPC, and its errors have a code and a reason.
    private string? FaultOf(ReadOnlyMemory<byte> answer)
    {
        if (answer.IsEmpty)
        {
            return null;
        }

        JsonElement root = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 3_000 }).RootElement;
        return root.ValueKind == JsonValueKind.Array
            ? root.EnumerateArray().Select(FaultOf).FirstOrDefault(static fault => fault is not null)
            : FaultOf(root);
    }

    private string? FaultOf(JsonElement answer)
    {
        bool hasResult = answer.TryGetProperty("result", out _);
        bool hasError = answer.TryGetProperty("error", out JsonElement error);
        if (hasResult == hasError || !answer.TryGetProperty("id", out _) || answer.GetProperty("jsonrpc").GetString() != "2.0")
        {
            return $"no answer of JSON-RPC: {answer.GetRawText()[..Math.Min(100, answer.GetRawText().Length)]}";
        }

        int code = hasResult ? 0 : error.GetProperty("code").GetInt32();
        _codes[code] = _codes.GetValueOrDefault(code) + 1;
        if (hasResult)
        {
            return null;
        }

        string message = error.GetProperty("message").GetString()!;
        if ((!Enum.IsDefined((RpcErrorCode)code) && !Enum.IsDefined((SimulationFault)code)) || code == (int)RpcErrorCode.Internal)
        {
            return $"code {code}: {message}";
        }

        if (message.Length is < 8 or > MaxMessage || message.Any(char.IsControl))
        {
            return $"not one short line: {message}";
        }

        return Array.Find(Foreign, word => message.Contains(word, StringComparison.Ordinal)) is string word ? $"for programmers ({word}): {message}" : null;
    }
}
