using NUnit.Framework;

namespace Fvm.Tests;

public sealed class GasOutputsTests
{
    // The cases of the reference (fvm/src/gas/outputs.rs), which are those of Lotus.
    [TestCase(100UL, 200UL, 10UL, 90UL)]
    [TestCase(100UL, 150UL, 30UL, 20UL)]
    [TestCase(1_000UL, 1_300UL, 240UL, 60UL)]
    [TestCase(500UL, 700UL, 140UL, 60UL)]
    [TestCase(200UL, 200UL, 0UL, 0UL)]
    [TestCase(20_000UL, 21_000UL, 1_000UL, 0UL)]
    [TestCase(0UL, 2_000UL, 0UL, 2_000UL)]
    [TestCase(500UL, 651UL, 121UL, 30UL)]
    [TestCase(500UL, 5_000UL, 0UL, 4_500UL)]
    [TestCase(7_499_000_000UL, 7_500_000_000UL, 1_000_000UL, 0UL)]
    [TestCase(3_750_000_000UL, 7_500_000_000UL, 375_000_000UL, 3_375_000_000UL)]
    [TestCase(1UL, 7_500_000_000UL, 0UL, 7_499_999_999UL)]
    [TestCase(ulong.MaxValue, ulong.MaxValue, 0UL, 0UL)]
    [TestCase(10UL, 5UL, 0UL, 0UL)]
    public void Over_estimated_gas_is_burnt_beyond_ten_percent(ulong used, ulong limit, ulong refund, ulong burned) =>
        Assert.That(GasOutputs.OverEstimation(used, limit), Is.EqualTo((refund, burned)));

    [TestCase(100UL, 110UL, 11UL, 1UL, 1_000UL, 0UL, 0UL, 110UL, 100UL)]
    [TestCase(100UL, 130UL, 11UL, 1UL, 1_000UL, 60UL, 0UL, 130UL, 240UL)]
    [TestCase(100UL, 110UL, 10UL, 1UL, 1_000UL, 0UL, 0UL, 0UL, 100UL)]
    [TestCase(100UL, 110UL, 6UL, 1UL, 600UL, 0UL, 400UL, 0UL, 60UL)]
    public void Fees_are_divided_as_in_the_reference(
        ulong used, ulong limit, ulong feeCap, ulong premium, ulong burn, ulong overBurn, ulong penalty, ulong tip, ulong refund)
    {
        GasOutputs outputs = GasOutputs.Compute(used, limit, Atto(10), Atto(feeCap), Atto(premium));

        Assert.That(outputs.BaseFeeBurn, Is.EqualTo(Atto(burn)));
        Assert.That(outputs.OverEstimationBurn, Is.EqualTo(Atto(overBurn)));
        Assert.That(outputs.MinerPenalty, Is.EqualTo(Atto(penalty)));
        Assert.That(outputs.MinerTip, Is.EqualTo(Atto(tip)));
        Assert.That(outputs.Refund, Is.EqualTo(Atto(refund)));
    }

    [Test]
    public void What_is_paid_adds_up_to_what_was_set_aside()
    {
        Random random = new(7);
        for (int i = 0; i < 10_000; i++)
        {
            ulong limit = (ulong)random.NextInt64(1, 1L << 40);
            ulong used = (ulong)random.NextInt64((long)limit + 1);
            TokenAmount feeCap = Atto((ulong)random.NextInt64(1L << random.Next(1, 60)));
            TokenAmount baseFee = Atto((ulong)random.NextInt64(1L << random.Next(1, 60)));
            TokenAmount premium = Atto((ulong)random.NextInt64(1L << random.Next(1, 60)));

            GasOutputs outputs = GasOutputs.Compute(used, limit, baseFee, feeCap, premium);

            TokenAmount sum = outputs.BaseFeeBurn + outputs.OverEstimationBurn + outputs.MinerTip + outputs.Refund;
            Assert.That(sum, Is.EqualTo(feeCap * limit));
            Assert.That(outputs.GasRefund + outputs.GasBurned + used, Is.EqualTo(limit));
            Assert.That(outputs.Refund.IsNegative, Is.False);
        }
    }

    private static TokenAmount Atto(ulong atto) => TokenAmount.FromAtto(atto);
}
