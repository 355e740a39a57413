using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class GasSyscallsTests
{
    [TestCase("my charge", 5UL)]
    [TestCase("", 0UL)]
    [TestCase("größe", 1_000_000UL)]
    public void Charge_makes_a_charge_of_the_actor_s_name(string name, ulong gas)
    {
        using SyscallHarness actor = new();
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(name);
        uint offset = Bounds.End - (uint)bytes.Length;
        actor.Write(offset, bytes);
        actor.Call("gas", "charge", offset, (uint)bytes.Length, gas).Succeeds(PriceList.OnChargeGas(name, gas));
    }

    [TestCase(1_000_000_000_001UL)]
    [TestCase(ulong.MaxValue)]
    public void Charge_of_more_than_is_left_runs_out(ulong gas)
    {
        using SyscallHarness actor = new();
        actor.Write(0, "all"u8);
        actor.Call("gas", "charge", 0, 3, gas).RunsOut(PriceList.OnChargeGas("all", gas));
    }

    [TestCase("ff")]
    [TestCase("c0af")]
    [TestCase("eda080")]
    [TestCase("f4908080")]
    [TestCase("61e282")]
    public void Charge_with_a_name_that_is_not_utf8_costs_only_the_call(string hex)
    {
        using SyscallHarness actor = new();
        byte[] name = Convert.FromHexString(hex);
        actor.Write(0, name);
        actor.Call("gas", "charge", 0, (uint)name.Length, 5).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Charge_with_a_name_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("gas", "charge", offset, length, 5).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Charge_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("gas", "charge", 0, 0, 5));

    [TestCase(0UL, 0UL)]
    [TestCase(999UL, 0UL)]
    [TestCase(1_000UL, 1UL)]
    [TestCase(123_456_789UL, 123_456UL)]
    public void Available_gives_what_is_left_after_the_call_itself_in_whole_gas(ulong leftMilli, ulong expected)
    {
        using SyscallHarness actor = new();
        actor.LeaveGas(SyscallHarness.Exec + actor.Prices.OnSyscall().Total + Gas.OfMilli(leftMilli));
        Assert.That(actor.Call("gas", "available").Succeeds().U64, Is.EqualTo(expected));
    }

    [Test]
    public void Available_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("gas", "available"));
}
