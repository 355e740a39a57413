using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <content>What is refused, and limits.</content>
internal sealed partial class SimulationTests
{
    // The members of a simulation, and the code of its error.
    [TestCase("""{"blockStateCalls":[]}""", -32602)]
    [TestCase("""{}""", -32602)]
    [TestCase("""[]""", -32602)]
    [TestCase("""{"blockStateCalls":[{"calls":[7]}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{}],"validation":1}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"number":"0x0"}}]}""", -38020)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"number":"@5"}},{"blockOverrides":{"number":"@5"}}]}""", -38020)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"time":"0x0"}}]}""", -38021)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"time":"0x80000000"}},{"blockOverrides":{"time":"0x80000000"}}]}""", -38021)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"time":"0xffffffffffffffff"}},{}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"number":"@257"}}]}""", -38026)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"number":"0xffffffffffffffff"}}]}""", -38026)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"number":"0x10000000000000000"}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"prevRandao":"0x1"}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"blobBaseFee":"0x1"}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"withdrawals":[{}]}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"gasLimits":"0x1"}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"feeRecipient":"@to"}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"stateOverrides":{"@one":{"movePrecompileToAddress":"@one"}}}]}""", -38022)]
    [TestCase("""{"blockStateCalls":[{"stateOverrides":{"@one":{"@move":"@to"},"@two":{"@move":"@to"}}}]}""", -38023)]
    [TestCase("""{"blockStateCalls":[{"stateOverrides":{"@one":{"movePrecompileToAddress":"@to"}}}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"stateOverrides":{"@to":{"nonce":"0xffffffffffffffff"}},"calls":[{"from":"@to"}]}]}""", -38011)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"to":"@to","value":"0x1"}]}]}""", -38014)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"to":"@to","maxFeePerGas":"0x1"}]}]}""", -38014)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"maxFeePerGas":"0x1","maxPriorityFeePerGas":"0x2"}]}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"maxFeePerGas":"0x1","gasPrice":"0x2"}]}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"chainId":"0x1"}]}]}""", -32602)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"to":"@to","gas":"0x0"}]}]}""", -38013)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"to":"@to","gas":"0x2540be401"}]}]}""", -38015)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"gasLimit":"0x989680"},"calls":[{"gas":"0x989681"}]}]}""", -38015)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"from":"0xff00000000000000000000000000000000ffffff"}]}]}""", -38024)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"from":"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"}]}],"validation":true}""", -38012)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"baseFeePerGas":"0xa"},"calls":[{"maxFeePerGas":"0x9"}]}]}""", -38012)]
    [TestCase("""{"blockStateCalls":[{"calls":[{"authorizationList":[{}]}]}]}""", -32602)]
    public async Task A_simulation_that_cannot_be_is_refused(string request, int code) =>
        Assert.That(await CodeAsync(AtHead(request)), Is.EqualTo(code));

    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"number":"@256"}}]}""", 256)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"blobBaseFee":"0x0","withdrawals":[],"prevRandao":null}},{"calls":null}]}""", 2)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"feeRecipient":"@zero","gasLimit":"0xffffffffffffffff"}}]}""", 1)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"feeRecipient":"0xff000000000000000000000000000000000003e8"}},{}]}""", 2)]
    [TestCase("""{"blockStateCalls":[{"blockOverrides":{"baseFeePerGas":"0xa"},"calls":[{"to":"@to"}]}]}""", 1)]
    public async Task A_simulation_has_as_many_blocks_as_it_names_and_those_between(string request, int count)
    {
        Assert.That(SystemNumber(AtHead("@0")), Is.EqualTo(_test.Chain.Head.Number));
        Assert.That((await SimulateAsync(AtHead(request))).GetArrayLength(), Is.EqualTo(count));
    }

    [Test]
    public async Task Calls_and_blocks_are_bounded()
    {
        string calls = string.Join(',', Enumerable.Repeat("{}", 5_001));
        Assert.That(await CodeAsync($$"""{"blockStateCalls":[{"calls":[{{calls}}]},{"calls":[{{calls}}]}]}"""), Is.EqualTo(-38026));
        Assert.That(await CodeAsync($$"""{"blockStateCalls":[{{string.Join(',', Enumerable.Repeat("{}", 257))}}]}"""), Is.EqualTo(-38026));
    }

    // Each call returns 960 KiB.
    [Test]
    public async Task What_calls_return_is_bounded()
    {
        string large = string.Join(',', Enumerable.Repeat($$"""{"to":"{{Code}}"}""", 20));
        const string Returning = "0x620f00006000f3";
        Assert.That(
            await CodeAsync($$$"""
                {"blockStateCalls":[{"blockOverrides":{"gasLimit":"0xffffffffffffffff"},"stateOverrides":{"{{{Code}}}":{"code":"{{{Returning}}}"}},
                  "calls":[{{{large}}}]}]}
                """),
            Is.EqualTo(-38026));
    }

    [Test]
    public void The_gas_that_calls_use_is_bounded()
    {
        BlockToSimulate block = new() { Calls = [.. Enumerable.Repeat(new CallRequest { To = EthAddress.Parse(Code) }, 9)] };
        SimulationRequest request = new([block], TracesTransfers: false, Validates: false);
        Assert.That(
            async () => await _test.Chain.SimulateAsync(request with { MaxGas = 2_000_000 }, _test.Chain.Head, pending: false, default),
            Throws.InstanceOf<SimulationException>().With.Property("Fault").EqualTo(SimulationFault.LimitExceeded));
        Assert.That(async () => await _test.Chain.SimulateAsync(request, _test.Chain.Head, pending: false, default), Throws.Nothing);
    }

    [Test]
    public async Task Ten_thousand_calls_are_answered()
    {
        string calls = string.Join(',', Enumerable.Repeat($$"""{"from":"{{First}}","to":"{{Other}}","gas":"0x989680"}""", 10_000));
        string request = $$"""{"blockStateCalls":[{"blockOverrides":{"gasLimit":"0xffffffffffff"},"calls":[{{calls}}]}]}""";
        JsonElement block = (await SimulateAsync(request))[0];
        Assert.That(block.GetProperty("calls").GetArrayLength(), Is.EqualTo(10_000));
        Assert.That(block.GetProperty("transactions").EnumerateArray().Select(static hash => hash.GetString()), Is.Unique);
    }

    // A call that has begun is stopped at its next syscall.
    [Test]
    public void The_time_of_a_simulation_is_bounded()
    {
        BlockToSimulate block = new()
        {
            Overrides = [new AccountOverride(EthAddress.Parse(Code), Code: Convert.FromHexString("5b4450600056"))],
            Calls = [.. Enumerable.Repeat(new CallRequest { To = EthAddress.Parse(Code) }, 9)],
            GasLimit = ulong.MaxValue,
        };
        SimulationRequest request = new([block], TracesTransfers: false, Validates: false) { MaxTime = TimeSpan.FromMilliseconds(200) };
        Assert.That(
            async () => await _test.Chain.SimulateAsync(request, _test.Chain.Head, pending: false, default),
            Throws.InstanceOf<SimulationException>().With.Property("Fault").EqualTo(SimulationFault.Timeout));
    }

    [Test]
    public async Task Overrides_are_bounded()
    {
        string accounts = string.Join(',', Enumerable.Range(0, 1_001).Select(static number => $"\"0x{number:x40}\":{{}}"));
        Assert.That(await CodeAsync(With($"{{{accounts}}}")), Is.EqualTo(-32005));
        string words = string.Join(',', Enumerable.Range(0, 10_001).Select(static number => $"\"0x{number:x64}\":\"0x{number:x64}\""));
        Assert.That(await CodeAsync(With($"{{\"{Code}\":{{\"code\":\"0x00\",\"state\":{{{words}}}}}}}")), Is.EqualTo(-32005));

        // As many as are taken, in each of some blocks.
        const string One = "{\"balance\":\"0x1\"}";
        string most = string.Join(',', Enumerable.Range(0, 1_000).Select(static number => $"\"0x{0xc0ffee00 + number:x40}\":{One}"));
        Assert.That((await SimulateAsync(With($"{{{most}}}", blocks: 20))).GetArrayLength(), Is.EqualTo(20));

        static string With(string overrides, int blocks = 1) =>
            $"{{\"blockStateCalls\":[{string.Join(',', Enumerable.Repeat($"{{\"stateOverrides\":{overrides}}}", blocks))}]}}";
    }

    [Test]
    public async Task A_client_that_is_gone_ends_its_simulation()
    {
        using CancellationTokenSource gone = new();
        BlockToSimulate block = new()
        {
            Overrides = [new AccountOverride(EthAddress.Parse(Code), Code: Convert.FromHexString("5b600056"))],
            Calls = [.. Enumerable.Repeat(new CallRequest { To = EthAddress.Parse(Code) }, 9)],
            GasLimit = ulong.MaxValue,
        };
        Task<IReadOnlyList<SimulatedBlock>> simulation = _test.Chain.SimulateAsync(
            new SimulationRequest([block], TracesTransfers: false, Validates: false), _test.Chain.Head, pending: false, gone.Token);
        await gone.CancelAsync();
        Assert.That(async () => await simulation, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await SimulateAsync("""{"blockStateCalls":[{}]}""")).GetArrayLength(), Is.EqualTo(1));
    }

    // @ and a number stand for the number of a block behind the head, names for addresses.
    private string AtHead(string request) => Numbers().Replace(
        request.Replace("@to", Stranger, StringComparison.Ordinal)
            .Replace("@zero", $"{default(EthAddress)}", StringComparison.Ordinal)
            .Replace("@one", $"0x{1:x40}", StringComparison.Ordinal).Replace("@move", "movePrecompileToAddress", StringComparison.Ordinal)
            .Replace("@two", $"0x{2:x40}", StringComparison.Ordinal),
        match => $"0x{_test.Chain.Head.Number + ulong.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture):x}");

    [GeneratedRegex("@([0-9]+)")]
    private static partial Regex Numbers();
}
