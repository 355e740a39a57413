using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Transactions whose gas limits are those of Ethereum.</summary>
internal sealed class LenientGasTests
{
    [Test]
    public async Task A_limit_too_low_is_raised_and_noted_and_others_stay()
    {
        await using TestChain test = TestChain.Create();
        List<string> notes = [];
        RpcRegistry registry = new();
        new EthMethods(test.Chain, new Wallet(TestChain.Accounts), new LenientGas(test.Chain, notes.Add)).AddTo(registry);
        RequestTester rpc = new(registry);

        // forge's estimate for such a contract is about this.
        EthTransaction low = test.Sign(to: null, Contracts.Creating(Contracts.Register), gas: 100_000);
        JsonElement hash = await rpc.ResultAsync("eth_sendRawTransaction", $"[\"{EthHex.Of(low.EncodeSigned())}\"]");
        Assert.That(hash.GetString(), Is.EqualTo(low.Hash.ToString()));
        JsonElement receipt = await rpc.ResultAsync("eth_getTransactionReceipt", $"[{hash.GetRawText()}]");
        Assert.That(receipt.GetProperty("status").GetString(), Is.EqualTo("0x1"));
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(notes[0], Does.StartWith($"transaction {low.Hash}: gas limit ").And.Contain("in place of 100000"));

        EthTransaction enough = test.Sign(TestChain.Accounts[1].EthAddress, [], value: 1);
        await rpc.ResultAsync("eth_sendRawTransaction", $"[\"{EthHex.Of(enough.EncodeSigned())}\"]");
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(test.Chain.FindMessage(enough.Hash)!.Value.Message.Message.Message.GasLimit, Is.EqualTo(enough.GasLimit));
    }

    [Test]
    public async Task Without_the_option_the_error_says_what_is_wrong()
    {
        await using TestChain test = TestChain.Create();
        EthTransaction low = test.Sign(to: null, Contracts.Creating(Contracts.Register), gas: 100_000);
        Assert.That(
            async () => await test.Chain.SendAsync(low), Throws.TypeOf<RefusedException>().With.Message.StartsWith("intrinsic gas too low"));
    }
}
