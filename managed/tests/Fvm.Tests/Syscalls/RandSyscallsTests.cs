using NUnit.Framework;

namespace Fvm.Tests;

public sealed class RandSyscallsTests
{
    [TestCase(1_000L)]
    [TestCase(999L)]
    [TestCase(0L)]
    [TestCase(-1L)]
    public void Get_chain_randomness_asks_the_node_and_costs_by_how_far_it_looks_back(long epoch) =>
        Asks("get_chain_randomness", epoch, 0xc1);

    [Test]
    public void Get_chain_randomness_of_the_future_runs_out_of_gas() => RunsOutInTheFuture("get_chain_randomness");

    [TestCase(long.MinValue)]
    [TestCase(-9_223_372_036_854_774_808L)]
    public void Get_chain_randomness_too_far_back_to_be_counted_costs_only_the_call(long epoch) =>
        IsTooFarBack("get_chain_randomness", epoch);

    [Test]
    public void Get_chain_randomness_that_the_node_cannot_give_is_illegal_after_the_charge() => Fails("get_chain_randomness");

    [TestCase(31)]
    [TestCase(33)]
    public void Get_chain_randomness_of_another_length_than_32_bytes_is_fatal(int length)
    {
        using SyscallHarness actor = new();
        actor.Setup.Externs.ChainRandomness = new byte[length];
        actor.Call("rand", "get_chain_randomness", 999).IsFatal(actor.Prices.OnGetRandomness(1));
    }

    [Test]
    public void Get_chain_randomness_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("rand", "get_chain_randomness", 999));

    [TestCase(1_000L)]
    [TestCase(999L)]
    [TestCase(0L)]
    [TestCase(-1L)]
    public void Get_beacon_randomness_asks_the_node_and_costs_by_how_far_it_looks_back(long epoch) =>
        Asks("get_beacon_randomness", epoch, 0xbe);

    [Test]
    public void Get_beacon_randomness_of_the_future_runs_out_of_gas() => RunsOutInTheFuture("get_beacon_randomness");

    [TestCase(long.MinValue)]
    [TestCase(-9_223_372_036_854_774_808L)]
    public void Get_beacon_randomness_too_far_back_to_be_counted_costs_only_the_call(long epoch) =>
        IsTooFarBack("get_beacon_randomness", epoch);

    [Test]
    public void Get_beacon_randomness_that_the_node_cannot_give_is_illegal_after_the_charge() => Fails("get_beacon_randomness");

    [Test]
    public void Get_beacon_randomness_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("rand", "get_beacon_randomness", 999));

    private static void Asks(string name, long epoch, byte expected)
    {
        using SyscallHarness actor = new();
        byte[] result = actor.Call("rand", name, (ulong)epoch).Succeeds(actor.Prices.OnGetRandomness(1_000 - epoch)).Result;
        Assert.That(result, Is.EqualTo(Enumerable.Repeat(expected, 32)));
        Assert.That(actor.Setup.Externs.AskedEpoch, Is.EqualTo(new ChainEpoch(epoch)));
    }

    // The price takes the lookback as an unsigned number, which is huge for an epoch in the future.
    private static void RunsOutInTheFuture(string name)
    {
        using SyscallHarness actor = new();
        actor.Call("rand", name, 1_001).RunsOut(actor.Prices.OnGetRandomness(-1));
        Assert.That(actor.Setup.Externs.AskedEpoch, Is.Null);
    }

    private static void IsTooFarBack(string name, long epoch)
    {
        using SyscallHarness actor = new();
        actor.Call("rand", name, (ulong)epoch).Fails(ErrorNumber.IllegalArgument);
    }

    private static void Fails(string name)
    {
        using SyscallHarness actor = new();
        actor.Setup.Externs.Failure = new ExternException("no randomness");
        actor.Call("rand", name, 999).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnGetRandomness(1));
    }
}
