using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class VmSyscallsTests
{
    [TestCase(0u, 0u)]
    [TestCase(0u, 5u)]
    [TestCase(16u, 0u)]
    [TestCase(16u, 5u)]
    [TestCase(uint.MaxValue, uint.MaxValue)]
    public void Exit_ends_the_actor_with_its_code_and_block_whether_the_block_exists_or_not(uint code, uint block)
    {
        using SyscallHarness actor = new();
        Abort abort = actor.Call("vm", "exit", code, block, 0, 0).Exits();
        Assert.That(abort, Is.EqualTo(Abort.Exit(new ExitCode(code), "actor aborted", new BlockId(block))));
    }

    [TestCase(1u)]
    [TestCase(7u)]
    [TestCase(15u)]
    public void Exit_with_a_code_of_the_system_is_an_illegal_exit_code_and_keeps_the_block(uint code)
    {
        using SyscallHarness actor = new();
        Abort abort = actor.Call("vm", "exit", code, 3, 0, 0).Exits();
        Assert.That((abort.ExitCode, abort.Value), Is.EqualTo((ExitCode.SysIllegalExitCode, new BlockId(3))));
    }

    [TestCase(1)]
    [TestCase(1024)]
    public void Exit_gives_its_message(int length)
    {
        using SyscallHarness actor = new();
        string message = new('m', length);
        actor.Write(Bounds.End - (uint)length, Encoding.UTF8.GetBytes(message));
        Assert.That(actor.Call("vm", "exit", 20, 0, Bounds.End - (uint)length, (uint)length).Exits().Message, Is.EqualTo(message));
    }

    [Test]
    public void Exit_abridges_a_long_message()
    {
        using SyscallHarness actor = new();
        string half = new('a', 512);
        actor.Write(0, Encoding.UTF8.GetBytes(half + "left out" + half));
        Assert.That(
            actor.Call("vm", "exit", 20, 0, 0, 1032).Exits().Message,
            Is.EqualTo(half + " ... (skipped 8 bytes) ... " + half));
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Exit_with_a_message_outside_of_memory_ends_the_actor_all_the_same(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        Abort abort = actor.Call("vm", "exit", 20, 0, offset, length).Exits();
        Assert.That(abort.ExitCode, Is.EqualTo(new ExitCode(20)));
    }

    [Test]
    public void Message_context_gives_the_message_and_the_call()
    {
        using SyscallHarness actor = new(new HarnessSetup { Caller = TestState.BlsAccount });
        SyscallResult result = actor.Call("vm", "message_context").Succeeds(actor.Prices.OnMessageContext());
        Assert.That(Words(result), Is.EqualTo(new ulong[] { 100, 42, 101, 104, 2, 3, 0, 11, 0, 0 }));
    }

    [Test]
    public void Message_context_tells_of_read_only_calls_and_large_amounts()
    {
        TokenAmount large = TokenAmount.FromAtto(UInt128.MaxValue);
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = true, Value = large, GasPremium = large });
        SyscallResult result = actor.Call("vm", "message_context").Succeeds(actor.Prices.OnMessageContext());
        const ulong All = ulong.MaxValue;
        Assert.That(Words(result), Is.EqualTo(new ulong[] { 100, 42, 100, 104, 2, All, All, All, All, 1 }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Message_context_with_an_amount_beyond_128_bits_is_fatal(bool value)
    {
        TokenAmount large = TokenAmount.FromAtto(BigInteger.Pow(2, 128));
        using SyscallHarness actor = new(value ? new HarnessSetup { Value = large } : new HarnessSetup { GasPremium = large });
        actor.Call("vm", "message_context").IsFatal(actor.Prices.OnMessageContext());
    }

    [Test]
    public void Message_context_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("vm", "message_context"));

    private static ulong[] Words(SyscallResult result)
    {
        Assert.That(result.Result, Has.Length.EqualTo(80));
        return [.. Enumerable.Range(0, 10).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(result.Result.AsSpan(8 * i)))];
    }
}
