using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class GasTests
{
    [Test]
    public void Everything_saturates()
    {
        Assert.That(Gas.Of(ulong.MaxValue), Is.EqualTo(Gas.Max));
        Assert.That(Gas.Max + Gas.OfMilli(1), Is.EqualTo(Gas.Max));
        Assert.That(Gas.Of(1) - Gas.Of(2), Is.EqualTo(Gas.Zero));
        Assert.That(Gas.Of(3) * ulong.MaxValue, Is.EqualTo(Gas.Max));
    }

    [TestCase(0UL, 0UL, 0UL)]
    [TestCase(100UL, 0UL, 1UL)]
    [TestCase(1000UL, 1UL, 1UL)]
    [TestCase(1001UL, 1UL, 2UL)]
    [TestCase(ulong.MaxValue, 18446744073709551UL, 18446744073709552UL)]
    public void Fractions_are_dropped_or_counted_as_one(ulong milli, ulong down, ulong up)
    {
        Assert.That(Gas.OfMilli(milli).RoundDown(), Is.EqualTo(down));
        Assert.That(Gas.OfMilli(milli).RoundUp(), Is.EqualTo(up));
    }

    [TestCase(0UL, "0")]
    [TestCase(5UL, "0.005")]
    [TestCase(12_340UL, "12.340")]
    public void Gas_shows_its_thousandths(ulong milli, string text) => Assert.That(Gas.OfMilli(milli).ToString(), Is.EqualTo(text));

    [Test]
    public void Arithmetic_is_that_of_whole_numbers_with_ends() => Prop.ForAll<ulong, ulong>((left, right) =>
    {
        UInt128 sum = (UInt128)left + right;
        UInt128 product = (UInt128)left * right;
        return (Gas.OfMilli(left) + Gas.OfMilli(right)).Milli == (sum > ulong.MaxValue ? ulong.MaxValue : (ulong)sum)
            && (Gas.OfMilli(left) * right).Milli == (product > ulong.MaxValue ? ulong.MaxValue : (ulong)product)
            && (Gas.OfMilli(left) - Gas.OfMilli(right)).Milli == (left > right ? left - right : 0);
    }).QuickCheckThrowOnFailure();
}
