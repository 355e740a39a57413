namespace Fvm.Slowest;

/// <summary>The times of one loop on both machines.</summary>
/// <param name="Name">The loop's name.</param>
/// <param name="Ours">The times of our machine.</param>
/// <param name="Peer">The times of the reference.</param>
internal sealed record Measurement(string Name, Timing Ours, Timing Peer)
{
    private const int Fresh = 3;

    /// <summary>Our time per gas, in multiples of the reference's; 0 before the first turn.</summary>
    public double Ratio => Ours.Repetitions == 0 ? 0 : Ours.NanosecondsPerGas / Peer.NanosecondsPerGas;

    /// <summary>Whether both machines used the same gas, which shows that they did the same work.</summary>
    public bool Agrees => Ours.Gas == Peer.Gas;

    /// <summary>Whether the ratio is over a bound, in whole percent: loops that hardware limits take the same time on both machines.</summary>
    public bool IsOver(double bound) => Math.Round(Ratio * 100) > Math.Round(bound * 100);

    /// <summary>
    /// Decides about a loop whose first measurement may have been disturbed, by the median of three fresh ones, which share no minimum with it
    /// or with each other. If the first two are on one side of the bound, so is the median, and there is no third: the one nearer to the bound is
    /// returned.
    /// </summary>
    /// <param name="measure">Makes a fresh measurement.</param>
    /// <param name="bound">Maximum acceptable ratio.</param>
    public static Measurement Decide(Func<Measurement> measure, double bound)
    {
        List<Measurement> fresh = [measure(), measure()];
        bool isOver = fresh[0].IsOver(bound);
        if (fresh[1].IsOver(bound) == isOver)
        {
            return (isOver ? fresh.MinBy(static one => one.Ratio) : fresh.MaxBy(static one => one.Ratio))!;
        }

        fresh.Add(measure());
        return fresh.OrderBy(static one => one.Ratio).ElementAt(Fresh / 2);
    }
}
