namespace Fvm.Slowest;

/// <summary>The times of one loop on both machines.</summary>
/// <param name="Name">The loop's name.</param>
/// <param name="Ours">The times of our machine.</param>
/// <param name="Peer">The times of the reference.</param>
internal sealed record Measurement(string Name, Timing Ours, Timing Peer)
{
    private const int Fresh = 3;
    private const double SpreadOfEqualTimes = 0.03;

    /// <summary>Our time per gas, in multiples of the reference's; 0 before the first turn.</summary>
    public double Ratio => Ours.Repetitions == 0 ? 0 : Ours.NanosecondsPerGas / Peer.NanosecondsPerGas;

    /// <summary>Whether both machines used the same gas, which shows that they did the same work.</summary>
    public bool Agrees => Ours.Gas == Peer.Gas;

    /// <summary>Whether the ratio is over a bound, in whole percent: loops that hardware limits take the same time on both machines.</summary>
    public bool IsOver(double bound) => Math.Round(Ratio * 100) > Math.Round(bound * 100);

    /// <summary>
    /// Decides about a loop whose first measurement may have been disturbed, by fresh ones, which share no minimum with it or with each other:
    /// by the median of three. If that is over the bound by no more than equal times spread, the least decides: where the processor is the
    /// limit, both machines take the same time, and a median is over it as often as not. If the first two are within the bound, so is the
    /// median, and there is no third.
    /// </summary>
    /// <param name="measure">Makes a fresh measurement.</param>
    /// <param name="bound">Maximum acceptable ratio.</param>
    public static Measurement Decide(Func<Measurement> measure, double bound)
    {
        List<Measurement> fresh = [measure(), measure()];
        if (fresh.TrueForAll(one => !one.IsOver(bound)))
        {
            return fresh.MaxBy(static one => one.Ratio)!;
        }

        fresh.Add(measure());
        fresh.Sort(static (left, right) => left.Ratio.CompareTo(right.Ratio));
        Measurement median = fresh[Fresh / 2];
        bool isEqual = median.IsOver(bound) && !median.IsOver(bound + SpreadOfEqualTimes) && !fresh[0].IsOver(bound);
        return isEqual ? fresh[0] : median;
    }
}
