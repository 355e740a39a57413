using System.Globalization;

namespace Fvm.Fuzz;

/// <summary>What a run of the fuzzer has done so far.</summary>
public sealed record FuzzStatistics
{
    public double Seconds { get; init; }

    public int Rounds { get; init; }

    /// <summary>The inputs that the side that guides has run.</summary>
    public long Inputs { get; init; }

    /// <summary>Of these, the inputs that the other side has not run yet.</summary>
    public int Waiting { get; init; }

    /// <summary>The inputs that it will not run: the host fails, and its own cannot.</summary>
    public long Withheld { get; init; }

    /// <summary>The messages that both sides executed.</summary>
    public long Messages { get; init; }

    /// <summary>Of these, the messages with exit code zero on the first side.</summary>
    public long Succeeded { get; init; }

    /// <summary>The inputs that a side could not begin.</summary>
    public long Unusable { get; init; }

    /// <summary>The features of traces seen.</summary>
    public int Features { get; init; }

    /// <summary>The interesting inputs kept.</summary>
    public int Corpus { get; init; }

    public int States { get; init; }

    public int Finds { get; init; }

    /// <summary>Further inputs that differ as a find does.</summary>
    public long Repeated { get; init; }

    /// <summary>The messages per second that one worker of the first side executes.</summary>
    public double RateOfA { get; init; }

    /// <summary>The messages per second that one worker of the second side executes.</summary>
    public double RateOfB { get; init; }

    /// <summary>The messages per second that both sides executed.</summary>
    public double Rate => Seconds > 0 ? Messages / Seconds : 0;

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds:0.0} s: round {Rounds}, {Inputs:N0} inputs ({Waiting:N0} waiting), {Messages:N0} messages ({Rate:0}/s, per worker {RateOfA:0}/s "
        + $"and {RateOfB:0}/s; {Percent:0} % succeeded), {Features:N0} features, "
        + $"corpus {Corpus:N0}, {States} states, {Unusable} unusable, {Withheld} withheld, {Finds} finds ({Repeated} repeated)");

    private double Percent => Messages > 0 ? 100.0 * Succeeded / Messages : 0;
}
