using NUnit.Framework;

namespace Fvm.Tests;

public sealed class GasTrackerTests
{
    [Test]
    public void What_does_not_fit_uses_up_all_that_is_left()
    {
        GasTracker gas = new(Gas.Of(20), Gas.Of(10), null);

        Assert.That(gas.TryCharge("first", Gas.Of(5)), Is.True);
        Assert.That(gas.Used, Is.EqualTo(Gas.Of(15)));
        Assert.That(gas.TryCharge("second", Gas.Of(5)), Is.True);
        Assert.That(gas.Available, Is.EqualTo(Gas.Zero));
        Assert.That(gas.TryCharge("free", Gas.Zero), Is.True);
        Assert.That(gas.TryCharge("third", Gas.OfMilli(1)), Is.False);
        Assert.That(gas.Used, Is.EqualTo(Gas.Of(20)));

        GasTracker other = new(Gas.Of(20), Gas.Zero, null);
        Assert.That(other.TryCharge("much", Gas.Max), Is.False);
        Assert.That(other.Used, Is.EqualTo(Gas.Of(20)));
    }

    [Test]
    public void The_limit_is_at_most_the_largest_signed_number_of_milligas()
    {
        GasTracker gas = new(Gas.Max, Gas.Max, null);
        Assert.That(gas.Limit.Milli, Is.EqualTo((ulong)long.MaxValue));
        Assert.That(gas.Used, Is.EqualTo(gas.Limit));
    }

    [Test]
    public void A_limit_within_counts_by_itself_and_is_added_at_its_end()
    {
        GasTracker gas = new(Gas.Of(100), Gas.Zero, null);
        gas.TryCharge("outer", Gas.Of(10));

        gas.PushLimit(Gas.Of(50));
        Assert.That(gas.Limit, Is.EqualTo(Gas.Of(50)));
        Assert.That(gas.Used, Is.EqualTo(Gas.Zero));
        Assert.That(gas.TryCharge("inner", Gas.Of(60)), Is.False);
        gas.PopLimit();

        Assert.That(gas.Used, Is.EqualTo(Gas.Of(60)));
        Assert.That(gas.Limit, Is.EqualTo(Gas.Of(100)));
        gas.PushLimit(Gas.Of(1000));
        Assert.That(gas.Limit, Is.EqualTo(Gas.Of(40)));
        gas.PopLimit();
        Assert.That(gas.PopLimit, Throws.TypeOf<FatalException>());
    }

    [Test]
    public void Each_charge_is_traced_even_one_that_does_not_fit()
    {
        ExecutionTrace trace = new();
        GasTracker gas = new(Gas.Of(10), Gas.Zero, trace);

        gas.TryCharge(new GasCharge("first", Gas.Of(1), Gas.Of(2)));
        gas.TryCharge(GasCharge.None);
        gas.TryCharge("second", Gas.Of(100));

        Assert.That(trace, Has.Count.EqualTo(2));
        Assert.That(trace[0], Is.EqualTo(new GasChargeEvent(new GasCharge("first", Gas.Of(1), Gas.Of(2)))));
        Assert.That(trace[1], Is.EqualTo(new GasChargeEvent(new GasCharge("second", Gas.Of(100), Gas.Zero))));
    }

    [Test]
    public void A_refund_gives_gas_back()
    {
        GasTracker gas = new(Gas.Of(100), Gas.Of(50), null);
        Assert.That(gas.TryCharge(new GasCharge("delete", Gas.Zero, Gas.Zero) { Refund = Gas.Of(20) }), Is.True);
        Assert.That(gas.Used, Is.EqualTo(Gas.Of(30)));
    }
}
