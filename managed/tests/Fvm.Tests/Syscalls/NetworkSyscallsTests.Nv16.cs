using System.Numerics;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class NetworkSyscallsTests
{
    [Test]
    public void Base_fee_costs_only_the_call()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Assert.That(actor.Call("network", "base_fee").Succeeds().U128, Is.EqualTo((UInt128)100));
    }

    [Test]
    public void Base_fee_beyond_128_bits_is_fatal()
    {
        TokenAmount large = TokenAmount.FromAtto(BigInteger.Pow(2, 128));
        using SyscallHarness actor = new(HarnessSetup.Nv17 with { Context = context => context with { BaseFee = large } });
        actor.Call("network", "base_fee").IsFatal();
    }

    [Test]
    public void Base_fee_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(HarnessSetup.Nv17), static actor => actor.Call("network", "base_fee"));
}
