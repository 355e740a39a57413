using NUnit.Framework;

namespace Fvm.Slowest.Tests;

internal sealed class MeasurementTests
{
    [TestCase(1.0, 1.004, false)]
    [TestCase(1.0, 1.006, true)]
    [TestCase(1.1, 1.1, false)]
    [TestCase(1.1, 1.11, true)]
    [TestCase(1.1, 0.5, false)]
    public void A_ratio_is_compared_with_the_bound_in_whole_percent(double bound, double ratio, bool isOver) =>
        Assert.That(Of(ratio).IsOver(bound), Is.EqualTo(isOver));

    [TestCase(new[] { 0.9, 0.95 }, 0.95, TestName = "Two within the bound decide without a third")]
    [TestCase(new[] { 0.9, 1.3, 0.95 }, 0.95, TestName = "One disturbed measurement does not decide")]
    [TestCase(new[] { 1.3, 0.9, 1.2 }, 1.2, TestName = "A slow loop is over the bound although one measurement is not")]
    [TestCase(new[] { 1.3, 1.2, 1.25 }, 1.25, TestName = "A loop that is always slow is over the bound")]
    [TestCase(new[] { 1.02, 1.01, 0.99 }, 0.99, TestName = "Equal times are not over the bound")]
    [TestCase(new[] { 1.02, 1.01, 1.03 }, 1.02, TestName = "A loop that is always a little slower is over the bound")]
    [TestCase(new[] { 1.04, 0.9, 1.05 }, 1.04, TestName = "A median beyond the spread of equal times decides")]
    public void Decision(double[] ratios, double decided)
    {
        Queue<double> left = new(ratios);
        Measurement found = Measurement.Decide(() => Of(left.Dequeue()), 1.0);
        Assert.That(left, Is.Empty, "all measurements are made");
        Assert.That(found.Ratio, Is.EqualTo(decided).Within(1e-6));
    }

    [Test]
    public void Before_its_first_turn_a_loop_is_not_over_the_bound() =>
        Assert.That(new Measurement("loop", new Timing(), new Timing()).IsOver(1.0), Is.False);

    private static Measurement Of(double ratio) => new("loop", Times(ratio * 1e6), Times(1e6));

    private static Timing Times(double microseconds)
    {
        Timing timing = new() { Gas = 1_000 };
        timing.Add(TimeSpan.FromMicroseconds(microseconds), repetitions: 1);
        return timing;
    }
}
