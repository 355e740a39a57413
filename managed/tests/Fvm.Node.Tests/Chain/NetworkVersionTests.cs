using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>Tests chains of other network versions.</summary>
internal sealed class NetworkVersionTests
{
    [TestCase(18u, 10u)]
    [TestCase(24u, 15u)]
    public async Task A_contract_is_created_and_called_on_an_earlier_network_version(uint version, uint actors)
    {
        await using TestChain test = TestChain.Create(version, actors);
        EthAddress register = await test.DeployAsync();
        LocalMessage sent = await test.SendAsync(test.Sign(register, Contracts.Word(8)));
        Assert.That((sent.Ret.Receipt.ExitCode, sent.Logs.Count), Is.EqualTo((ExitCode.Ok, 1)));
        Assert.That(await test.Chain.StorageAsync(register, default, test.Chain.Head), Is.EqualTo(new EthHash(Contracts.Word(8))));

        // Before network version 28 the base fee follows from the gas that blocks ask for; these ask for little.
        Assert.That(test.Chain.Head.NextBaseFee, Is.EqualTo(TokenAmount.FromAtto(100L)));
    }
}
