using System.Buffers.Binary;
using System.Numerics;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class VmSyscallsTests
{
    [TestCase(16u)]
    [TestCase(1_000u)]
    [TestCase(uint.MaxValue)]
    public void Abort_ends_the_actor_with_its_code_and_message(uint code)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Write(Bounds.End - 3, "why"u8);
        Assert.That(actor.Call("vm", "abort", code, Bounds.End - 3, 3).Exits(), Is.EqualTo(Abort.Exit(new ExitCode(code), "why")));
        Assert.That(actor.Call("vm", "abort", code, 0, 0).Exits(), Is.EqualTo(Abort.Exit(new ExitCode(code), "actor aborted")));
    }

    // Zero too: an abort cannot succeed.
    [TestCase(0u)]
    [TestCase(7u)]
    [TestCase(15u)]
    public void Abort_with_a_code_of_the_system_is_an_illegal_exit_code(uint code)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Assert.That(actor.Call("vm", "abort", code, 0, 0).Exits().ExitCode, Is.EqualTo(ExitCode.SysIllegalExitCode));
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Abort_with_a_message_outside_of_memory_ends_the_actor_all_the_same(uint offset, uint length)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Assert.That(actor.Call("vm", "abort", 20, offset, length).Exits().ExitCode, Is.EqualTo(new ExitCode(20)));
    }

    [TestCase(NetworkVersion.Nv16)]
    [TestCase(NetworkVersion.Nv17)]
    public void Context_gives_the_call_the_epoch_and_the_version_and_costs_only_the_call(NetworkVersion version)
    {
        TokenAmount value = TokenAmount.FromAtto(new UInt128(5, 6));
        using SyscallHarness actor = new(HarnessSetup.Nv17 with { Version = version, Caller = TestState.BlsAccount, Value = value });
        byte[] result = actor.Call("vm", "context").Succeeds().Result;
        Assert.That(result, Has.Length.EqualTo(52));
        Assert.That(
            Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(8 * i))),
            Is.EqualTo(new ulong[] { 6, 5, 101, 104, 2, 1_000 }));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(result.AsSpan(48)), Is.EqualTo((uint)version));
    }

    [Test]
    public void Context_with_a_value_beyond_128_bits_is_fatal()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17 with { Value = TokenAmount.FromAtto(BigInteger.Pow(2, 128)) });
        actor.Call("vm", "context").IsFatal();
    }

    [Test]
    public void Context_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(HarnessSetup.Nv17), static actor => actor.Call("vm", "context"));
}
