using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class GasSyscallsTests
{
    [Test]
    public void Charge_of_less_than_nothing_gave_gas_back()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.LeaveGas(Gas.Of(1_000_000));
        actor.Write(0, "back"u8);
        actor.Call("gas", "charge", 0, 4, 7).Succeeds(PriceList.OnChargeGas("back", 7));
        Gas left = actor.Execution.Gas.Available;
        GasCharge back = new("back", Gas.Zero, Gas.Zero) { Refund = Gas.Of(5) };
        actor.Call("gas", "charge", 0, 4, unchecked((ulong)-5L)).Succeeds(back);
        Assert.That(
            actor.Execution.Gas.Available,
            Is.EqualTo(left + Gas.Of(5) - SyscallHarness.Exec - actor.Prices.OnSyscall().Total));
    }

    [Test]
    public void Charge_of_the_least_number_gives_back_all_that_was_used()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Assert.That(actor.Call("gas", "charge", 0, 0, 1UL << 63).Number, Is.Zero);
        Assert.That(actor.Execution.Gas.Used, Is.EqualTo(Gas.Zero));
    }
}
