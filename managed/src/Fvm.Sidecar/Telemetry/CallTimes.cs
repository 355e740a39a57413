using System.Diagnostics;

namespace Fvm.Sidecar;

/// <summary>When a call waited for its lane, and ran there: time stamps of <see cref="Stopwatch"/>.</summary>
internal sealed class CallTimes
{
    public CallTimes()
        : this(Stopwatch.GetTimestamp())
    {
    }

    public CallTimes(long queued) => Queued = queued;

    public long Queued { get; }

    /// <summary>0 before the call is on its lane.</summary>
    public long Begun { get; private set; }

    /// <summary>0 before the call has left its lane.</summary>
    public long Ended { get; private set; }

    public bool HasRun => Ended != 0;

    public TimeSpan Queue => Stopwatch.GetElapsedTime(Queued, Begun);

    public TimeSpan Execution => Stopwatch.GetElapsedTime(Begun, Ended);

    /// <summary>The time on the lane so far.</summary>
    public TimeSpan SinceBegun => Stopwatch.GetElapsedTime(Begun);

    public void Begin() => Begun = Stopwatch.GetTimestamp();

    public void End() => Ended = Stopwatch.GetTimestamp();
}
