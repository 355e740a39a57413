using System.Globalization;
using Fvm.Chain;

namespace Fvm.Cli;

/// <summary>The counts of a chain's replay.</summary>
internal sealed class ChainReplaySummary
{
    private const double Billion = 1e9;

    private long _messages;
    private double _gas;
    private ChainEpoch _epoch;

    /// <summary>The number of equal tipsets.</summary>
    public int Equal { get; private set; }

    /// <summary>The number of tipsets that were not executed.</summary>
    public int Skipped { get; private set; }

    /// <summary>The number of tipsets with a difference.</summary>
    public int Different { get; private set; }

    /// <summary>The number of tipsets that were executed.</summary>
    public int Executed => Equal + Different;

    /// <summary>The number of tipsets that lack a block.</summary>
    public int Incomplete { get; private set; }

    /// <summary>A status in a word.</summary>
    public static string NameOf(TipsetStatus status) => status switch
    {
        TipsetStatus.Equal => "equal",
        TipsetStatus.Different => "different",
        TipsetStatus.Incomplete => "incomplete",
        _ => "skipped",
    };

    /// <summary>What is worth a line about a tipset; nothing if all is equal and usual.</summary>
    public static IEnumerable<string> LinesOf(TipsetReport report)
    {
        string place = $"epoch {report.Tipset.Epoch}";
        if (report.Status == TipsetStatus.Different)
        {
            yield return $"{place}: DIFFERENT, tipset {string.Join(",", report.Tipset.Cids)}";
            foreach (TipsetDifference difference in report.Differences)
            {
                yield return $"  {difference}";
            }
        }
        else if (report.Note is string note)
        {
            yield return $"{place}: {NameOf(report.Status)}: {note}";
        }
    }

    public void Add(TipsetReport report)
    {
        Equal += report.Status == TipsetStatus.Equal ? 1 : 0;
        Skipped += report.Status == TipsetStatus.Skipped ? 1 : 0;
        Different += report.Status == TipsetStatus.Different ? 1 : 0;
        Incomplete += report.Status == TipsetStatus.Incomplete ? 1 : 0;
        _epoch = report.Tipset.Epoch;
        _messages += report.Messages;
        _gas += report.GasUsed;
    }

    /// <summary>What the progress bar says.</summary>
    /// <param name="elapsed">The time until now.</param>
    public string Progress(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {_epoch}, {_gas / Billion:#,0.0} Ggas, {elapsed.TotalMilliseconds / Math.Max(1, Executed):0.0} ms per tipset");

    /// <summary>One line.</summary>
    /// <param name="elapsed">The time of all.</param>
    public string ToString(TimeSpan elapsed)
    {
        string incomplete = Incomplete == 0 ? string.Empty : $", {Incomplete} incomplete";
        int executed = Math.Max(1, Executed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Equal} equal, {Different} different, {Skipped} skipped{incomplete}: {_messages} messages, {_gas / Billion:#,0.0} Ggas"
            + $" in {elapsed.TotalSeconds:0.0} s, {elapsed.TotalMilliseconds / executed:0.0} ms per tipset");
    }
}
