using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>The vesting of the genesis money.</summary>
public sealed class VestingTests
{
    [TestCase(-1, 0)]
    [TestCase(0, 4, Description = "the remainder of 100 by 12 is vested at once")]
    [TestCase(6, 52)]
    [TestCase(12, 100)]
    [TestCase(13, 100)]
    public void Vests_whole_units_per_epoch(long elapsed, long expected) =>
        Assert.That(new Vesting(TokenAmount.FromAtto(100L), 12).VestedAfter(elapsed), Is.EqualTo(TokenAmount.FromAtto(expected)));

    [Test]
    public void The_table_since_Calico_sums_to_Lotuss_amounts()
    {
        TokenAmount sum = VestingTable.Latest.Aggregate(TokenAmount.Zero, static (sum, part) => sum + part.Amount);
        Assert.That(sum, Is.EqualTo(TokenAmount.FromWhole(599_822_557)));
    }
}
