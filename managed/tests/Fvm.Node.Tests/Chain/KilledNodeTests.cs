using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fvm.Node.Tests;

/// <summary>
/// A process with a folder that is killed (SIGKILL) while it takes transactions: what it has acknowledged is there at the next start.
/// <c>FVM_NODE_KILLS</c> sets how often, <c>FVM_NODE_PROGRAM</c> names a program in place of the one of the tests.
/// </summary>
internal sealed class KilledNodeTests
{
    private const int DefaultKills = 1;
    private const int Senders = 3;
    private const int MaxMilliseconds = 600;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentBag<EthHash> _acknowledged = [];
    private readonly ulong[] _nonces = new ulong[Senders];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private string _folder = null!;
    private Process? _process;
    private Uri _url = null!;
    private volatile string? _refusal;

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("fvm-killed-").FullName;

    [TearDown]
    public void Delete()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_node_that_is_killed_at_any_moment_comes_back_with_all_that_it_acknowledged()
    {
        string bundle = Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz");
        string? wanted = Environment.GetEnvironmentVariable("FVM_NODE_KILLS");
        int kills = wanted is null ? DefaultKills : int.Parse(wanted, CultureInfo.InvariantCulture);
        Random random = new(kills);
        ulong blocks = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            // Blocks per transaction, and messages that wait for one of the few that are asked for.
            bool automatic = kill % 3 < 2;
            await StartAsync(bundle, automatic);
            ulong head = await CheckAsync(waitingAllowed: true);
            // Readers see a block a moment before it is saved and acknowledged; the next one begins afterwards.
            Assert.That(head + 1, Is.GreaterThanOrEqualTo(blocks));
            using CancellationTokenSource dead = new();
            Task[] clients =
            [
                .. Enumerable.Range(0, Senders).Select(index => SendAsync(index, dead.Token)),
                automatic ? Task.CompletedTask : MineAsync(dead.Token),
            ];
            int before = _acknowledged.Count;
            for (long start = Stopwatch.GetTimestamp(); _acknowledged.Count == before;)
            {
                Assert.That(_refusal, Is.Null);
                Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(StartLimit), "no transaction is acknowledged");
                await Task.Delay(10);
            }

            await Task.Delay(random.Next(MaxMilliseconds));
            blocks = await NumberAsync();
            await Task.Delay(random.Next(20));
            _process!.Kill();
            await _process.WaitForExitAsync();
            await dead.CancelAsync();
            await Task.WhenAll(clients);
        }

        await StartAsync(bundle, automatic: true);
        _ = await CheckAsync(waitingAllowed: false);
        TestContext.Out.WriteLine($"{kills} kills, {_acknowledged.Count} acknowledged transactions, {await NumberAsync()} blocks");
        Assert.That(_acknowledged, Is.Not.Empty);
    }

    private async Task StartAsync(string bundle, bool automatic)
    {
        _process?.Dispose();
        string? program = Environment.GetEnvironmentVariable("FVM_NODE_PROGRAM");
        ProcessStartInfo start = new(program ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] first = program is null ? [Path.Combine(AppContext.BaseDirectory, "Fvm.Node.dll")] : [];
        foreach (string argument in (string[])[.. first, "--bundle", bundle, "--port", "0", "--json", "--data", _folder, .. automatic ? [] : (string[])["--no-mining"]])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        string? line = await _process.StandardOutput.ReadLineAsync().WaitAsync(StartLimit);
        Assert.That(line, Is.Not.Null, () => $"the node does not start: {_process.StandardError.ReadToEnd()}");
        _url = new Uri(JsonElement.Parse(line!).GetProperty("url").GetString()!);
    }

    // The chain is one row of blocks with their states, and has all that was acknowledged.
    private async Task<ulong> CheckAsync(bool waitingAllowed)
    {
        JsonElement block = await ResultAsync("eth_getBlockByNumber", "[\"latest\",false]");
        ulong head = NumberIn(block, "number");
        for (JsonElement later = block; NumberIn(later, "number") > 0; later = block)
        {
            string parent = later.GetProperty("parentHash").GetString()!;
            block = await ResultAsync("eth_getBlockByHash", $"[\"{parent}\",false]");
            Assert.That(block.ValueKind, Is.EqualTo(JsonValueKind.Object), $"the parent of block {NumberIn(later, "number")}");
            Assert.That(NumberIn(block, "number"), Is.LessThan(NumberIn(later, "number")));
        }

        // Runs its messages again on the state before it, and compares the results.
        _ = await ResultAsync("trace_block", $"[\"0x{head:x}\"]");
        foreach (EthHash hash in _acknowledged)
        {
            JsonElement transaction = await ResultAsync("eth_getTransactionByHash", $"[\"{hash}\"]");
            Assert.That(transaction.ValueKind, Is.EqualTo(JsonValueKind.Object), $"transaction {hash} was acknowledged");
            JsonElement receipt = await ResultAsync("eth_getTransactionReceipt", $"[\"{hash}\"]");
            Assert.That(waitingAllowed || receipt.ValueKind == JsonValueKind.Object, $"transaction {hash} is in no block");
        }

        for (int i = 0; i < Senders; i++)
        {
            string account = TestChain.Accounts[i].EthAddress.ToString();
            ulong next = Convert.ToUInt64((await ResultAsync("eth_getTransactionCount", $"[\"{account}\",\"pending\"]")).GetString(), 16);

            // One request was under way.
            Assert.That(next, Is.InRange(_nonces[i], _nonces[i] + 1), $"the nonce of sender {i}");
            _nonces[i] = next;
        }

        return head;
    }

    private async Task SendAsync(int index, CancellationToken dead)
    {
        while (true)
        {
            EthTransaction transaction = new EthTransaction
            {
                Kind = EthTransactionKind.DynamicFee,
                ChainId = LocalChainOptions.DefaultChainId,
                Nonce = _nonces[index],
                To = TestChain.Accounts[index].EthAddress,
                Value = TokenAmount.FromAtto(1L),
                GasLimit = TestChain.Plenty,
                MaxFeePerGas = TokenAmount.FromAtto(1_000_000_000L),
                MaxPriorityFeePerGas = TokenAmount.FromAtto(100_000L),
            }.Sign(TestChain.Accounts[index]);
            JsonElement? answer = await AskAsync("eth_sendRawTransaction", $"[\"0x{Convert.ToHexStringLower(transaction.EncodeSigned())}\"]", dead);
            if (answer is not JsonElement given || !given.TryGetProperty("result", out _))
            {
                _refusal = answer is null ? null : $"{answer}";
                return;
            }

            _acknowledged.Add(transaction.Hash);
            _nonces[index]++;
        }
    }

    private async Task MineAsync(CancellationToken dead)
    {
        while (await AskAsync("evm_mine", "[]", dead) is not null)
        {
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task<ulong> NumberAsync() => Convert.ToUInt64((await ResultAsync("eth_blockNumber", "[]")).GetString(), 16);

    private async Task<JsonElement> ResultAsync(string method, string parameters)
    {
        JsonElement? answer = await AskAsync(method, parameters, default);
        Assert.That(answer is JsonElement given && given.TryGetProperty("result", out _), $"{method} {parameters}: {answer}");
        return answer!.Value.GetProperty("result");
    }

    // Null if the node is dead.
    private async Task<JsonElement?> AskAsync(string method, string parameters, CancellationToken cancellation)
    {
        try
        {
            using StringContent request = new($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8);
            using HttpResponseMessage response = await _client.PostAsync(_url, request, cancellation);
            return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return null;
        }
    }

    private static ulong NumberIn(JsonElement block, string name) => Convert.ToUInt64(block.GetProperty(name).GetString(), 16);
}
