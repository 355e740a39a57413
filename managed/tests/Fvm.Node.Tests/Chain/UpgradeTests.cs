using Fvm.Ipld;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Node.Tests;

/// <summary>Tests upgrades of the network.</summary>
internal sealed class UpgradeTests
{
    [TestCase(27U, 17U, 28U, 18U)]
    [TestCase(22U, 13U, 23U, 14U)]
    [TestCase(26U, 16U, 27U, 17U)]
    public async Task Contracts_go_on_with_the_new_actors(uint first, uint firstActors, uint second, uint secondActors)
    {
        using CarStore later = CarBlocks.Open(Repository.Shared("bundles", $"builtin-actors-v{secondActors}-mainnet.car.gz"));
        await using TestChain test = TestChain.Create(first, firstActors, options => options with
        {
            Upgrades = UpgradePlan.Parse(first, $"10:{second}"),
            Bundle = new LayeredBlockstore(options.Bundle, later),
            UpgradeBundles = new Dictionary<NetworkVersion, Cid> { [(NetworkVersion)second] = later.Roots[0] },
        });
        LocalChain chain = test.Chain;
        EthAddress register = await test.DeployAsync();
        await test.SendAsync(test.Sign(register, Contracts.Word(5)));
        Cid before = chain.StateOf(chain.Head).ContractCode;
        Assert.That(chain.Version, Is.EqualTo((NetworkVersion)first));

        CallRequest creation = new() { Input = Contracts.Creating([0]) };
        BlockToSimulate beyond = new() { Number = 20, Calls = [new CallRequest { To = register }, creation] };
        IReadOnlyList<SimulatedBlock> simulated = await chain.SimulateAsync(
            new SimulationRequest([beyond], TracesTransfers: true, Validates: false), chain.Head, pending: false, default);
        Assert.That(
            simulated[^1].Calls.Select(static call => (call.Outcome.ExitCode, call.Outcome.Data)),
            Is.EqualTo(new[] { (ExitCode.Ok, Contracts.Word(5)), (ExitCode.Ok, new byte[1]) }));

        LocalBlock head = await chain.AdvanceToAsync(20);
        Assert.That((head.Number, chain.Version), Is.EqualTo((20UL, (NetworkVersion)second)));
        Assert.That(chain.FindBlock(10), Is.Not.Null, "the last block of the old version");
        Assert.That(chain.StateOf(head).ContractCode, Is.Not.EqualTo(before));
        Assert.That(await chain.StorageAsync(register, default, head), Is.EqualTo(new EthHash(Contracts.Word(5))));
        LocalMessage sent = await test.SendAsync(test.Sign(register, Contracts.Word(6)));
        Assert.That(sent.Ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(await test.DeployAsync(), Is.Not.EqualTo(register));
        CallOutcome old = await chain.CallAsync(new CallRequest { To = register }, chain.FindBlock(2)!);
        Assert.That(old.Data, Is.EqualTo(Contracts.Word(5)));
        Assert.That(await chain.TraceAsync(chain.FindBlock(2)!), Has.Count.EqualTo(1));
    }

    [TestCase(24U, "100:25", "needs a migration of states")]
    [TestCase(26U, "100:28", "needs a migration of states")]
    [TestCase(26U, "100", "is not EPOCH:VERSION")]
    [TestCase(27U, "100:28,50:29", "epochs must ascend")]
    public void Upgrades_that_are_not_possible_are_refused(uint first, string text, string reason) =>
        Assert.That(() => UpgradePlan.Parse(first, text), Throws.InstanceOf<FormatException>().With.Message.Contains(reason));
}
