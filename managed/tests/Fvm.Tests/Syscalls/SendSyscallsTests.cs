using System.Buffers.Binary;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class SendSyscallsTests
{
    private const ulong AllGas = ulong.MaxValue;
    private const ulong ReadOnly = 1;

    [Test]
    public void Send_passes_everything_on_and_makes_the_returned_block_s_links_reachable()
    {
        HarnessSetup setup = new();
        Cid leaf = setup.State.Leaf;
        Block returned = new(Multicodec.DagCbor, new byte[] { 1, 2, 3 }, [leaf]);
        setup.Reentry.Result = new InvocationResult(new ExitCode(33), returned);
        using SyscallHarness actor = new(setup);
        BlockId parameters = actor.Open(Multicodec.Raw, [9]);
        byte[] to = TestState.BlsKey.ToBytes();
        actor.Write(Bounds.End - 49, to);
        SyscallResult result = actor.Call("send", "send", Bounds.End - 49, 49, 77, parameters.Value, 1, 2, 55, ReadOnly & 0).Succeeds();
        Assert.That(Read(result), Is.EqualTo((33u, 2u, Multicodec.DagCbor, 3u)));
        Assert.That(actor.Kernel.Blocks.IsReachable(leaf));
        TokenAmount value = TokenAmount.FromAtto(new UInt128(1, 2));
        Assert.That(setup.Reentry.Asked!.Value.Parameters!.Data.ToArray(), Is.EqualTo(new byte[] { 9 }));
        Assert.That(
            setup.Reentry.Asked.Value with { Parameters = null },
            Is.EqualTo(new Call(TestState.Actor, TestState.BlsKey, new MethodNumber(77), null, value, Gas.Of(55), false)));
    }

    [TestCase(0UL, 0UL)]
    [TestCase(5UL, 5_000UL)]
    [TestCase(ulong.MaxValue - 1, ulong.MaxValue)]
    public void Send_takes_its_gas_limit_in_whole_gas(ulong limit, ulong expected)
    {
        using SyscallHarness actor = new();
        Send(actor, gasLimit: limit).Succeeds();
        Assert.That(actor.Setup.Reentry.Asked!.Value.GasLimit, Is.EqualTo(Gas.OfMilli(expected)));
    }

    [Test]
    public void Send_without_a_limit_passes_none_on_and_without_a_value_returned_gives_no_block()
    {
        using SyscallHarness actor = new();
        SyscallResult result = Send(actor).Succeeds();
        Assert.That(Read(result), Is.EqualTo((0u, 0u, 0UL, 0u)));
        Assert.That(actor.Setup.Reentry.Asked!.Value, Is.EqualTo(
            new Call(TestState.Actor, TestState.BlsKey, MethodNumber.Send, null, TokenAmount.Zero, null, false)));
    }

    [TestCase(true, 0UL)]
    [TestCase(true, ReadOnly)]
    [TestCase(false, ReadOnly)]
    public void Send_is_read_only_by_flag_or_by_descent(bool byDescent, ulong flags)
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = byDescent });
        Send(actor, flags: flags).Succeeds();
        Assert.That(actor.Setup.Reentry.Asked!.Value.ReadOnly);
    }

    [TestCase(true, 0UL)]
    [TestCase(false, ReadOnly)]
    public void Send_of_value_while_read_only_is_refused_before_the_block_is_looked_at(bool byDescent, ulong flags)
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = byDescent });
        Send(actor, block: 77, valueLow: 1, flags: flags).Fails(ErrorNumber.ReadOnly);
        Assert.That(actor.Setup.Reentry.Asked, Is.Null);
    }

    [TestCase(2UL)]
    [TestCase(3UL)]
    [TestCase(1UL << 63)]
    public void Send_with_unknown_flags_costs_only_the_call(ulong flags)
    {
        using SyscallHarness actor = new();
        Send(actor, block: 77, flags: flags).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Send_with_an_unknown_block_costs_only_the_call()
    {
        using SyscallHarness actor = new();
        Send(actor, block: 1).Fails(ErrorNumber.InvalidHandle);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Send_to_an_address_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("send", "send", offset, length, 0, 77, 0, 0, 0, 99).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Send_to_what_is_no_address_costs_only_the_call()
    {
        using SyscallHarness actor = new();
        actor.Call("send", "send", 0, 0, 0, 0, 0, 0, AllGas, 0).Fails(ErrorNumber.IllegalArgument);
        actor.Call("send", "send", 0, 20, 0, 0, 0, 0, AllGas, 0).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Send_hands_an_error_to_the_actor()
    {
        using SyscallHarness actor = new();
        actor.Setup.Reentry.Outcome = Outcome.Error(ErrorNumber.InsufficientFunds, "poor");
        Send(actor).Fails(ErrorNumber.InsufficientFunds);
    }

    [Test]
    public void Send_unwinds_where_the_call_ran_out_of_gas_or_was_fatal()
    {
        using SyscallHarness actor = new();
        actor.Setup.Reentry.Outcome = Outcome.Fatal("broken");
        Send(actor).IsFatal();
        actor.LeaveGas(SyscallHarness.Exec + actor.Prices.OnSyscall().Total);
        actor.Setup.Reentry.Outcome = Outcome.OutOfGas;
        Send(actor).RunsOut();
    }

    [Test]
    public void Send_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Send(actor));

    private static SyscallResult Send(
        SyscallHarness actor, uint block = 0, ulong valueLow = 0, ulong gasLimit = AllGas, ulong flags = 0)
    {
        actor.Write(0, TestState.BlsKey.ToBytes());
        return actor.Call("send", "send", 0, 49, 0, block, 0, valueLow, gasLimit, flags);
    }

    private static (uint ExitCode, uint Block, ulong Codec, uint Size) Read(SyscallResult result)
    {
        ReadOnlySpan<byte> bytes = result.Result;
        return (
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));
    }
}
