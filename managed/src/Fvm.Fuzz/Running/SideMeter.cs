using System.Diagnostics;
using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>Counts the messages that a side executes, and the time that it takes for them. Thread-safe.</summary>
internal sealed class SideMeter
{
    private readonly Lock _gate = new();
    private long _messages;
    private long _ticks;

    /// <summary>The messages per second of one worker; zero before the first one.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                return _ticks > 0 ? _messages / Stopwatch.GetElapsedTime(0, _ticks).TotalSeconds : 0;
            }
        }
    }

    /// <summary>Runs vectors on a side.</summary>
    public IReadOnlyList<SideRun> Run(ISide side, IReadOnlyList<VectorCase> cases)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<SideRun> runs = side.Run(cases);
        long ticks = Stopwatch.GetTimestamp() - start;
        lock (_gate)
        {
            _messages += runs.Sum(static run => run.Outcomes.Count);
            _ticks += ticks;
        }

        return runs;
    }
}
