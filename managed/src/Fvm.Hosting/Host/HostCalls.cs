using System.Diagnostics;

namespace Fvm.Hosting;

/// <summary>
/// Statistics of one machine's host callbacks, and whether the host kept its contract. A violation (a meaningless result, an unregistered
/// handle) fails the call in which it occurs; the machine stays usable.
/// </summary>
/// <param name="share">The semaphore for computing; null for no bound.</param>
public sealed class HostCalls(ProcessorShare? share = null)
{
    private bool _computing;
    private long _begun;

    /// <summary>How long a lane computes before it makes way for others.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The number of block requests and writes.</summary>
    public long Blocks { get; set; }

    /// <summary>The number of extern calls.</summary>
    public long Externs { get; set; }

    /// <summary>The number of reads that needed no callback.</summary>
    public long CacheHits { get; set; }

    /// <summary>The priority of the message; not changed while it runs.</summary>
    public LanePriority Priority { get; set; } = LanePriority.Normal;

    /// <summary>The host's contract violation in this call; null if none.</summary>
    public string? Breach { get; set; }

    /// <summary>The number of callbacks of all kinds.</summary>
    public long Total => Blocks + Externs;

    /// <summary>Begins a message: waits for its share of the processors.</summary>
    public void BeginMessage()
    {
        share?.Take(Priority);
        _computing = true;
    }

    /// <summary>Ends a message.</summary>
    public void EndMessage()
    {
        _computing = false;
        share?.Give();
    }

    /// <summary>Begins work on a lane that has its share already (<see cref="BigStackPool"/>).</summary>
    public void EnterLane()
    {
        _computing = true;
        _begun = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends work on a lane, which keeps its share.</summary>
    public void LeaveLane() => _computing = false;

    /// <summary>Between messages on a lane: lets others compute if they wait, and if it has computed for a while.</summary>
    public void MakeWay()
    {
        if (share is not null && Stopwatch.GetElapsedTime(_begun) > Slice && share.IsWanted)
        {
            share.Give();
            share.Take(Priority);
            _begun = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Before a callback: releases the share, so that another message can compute while this one waits for its host.</summary>
    public void BeforeCallback()
    {
        if (_computing)
        {
            share?.Give();
        }
    }

    /// <summary>After a callback, however it ended.</summary>
    public void AfterCallback()
    {
        if (_computing)
        {
            share?.Take(Priority);
        }
    }

    /// <summary>Records a contract violation.</summary>
    /// <returns>The first violation recorded in this call.</returns>
    public string Break(string what) => Breach ??= what;

    /// <summary>Ends a call: reports and clears its contract violation.</summary>
    /// <exception cref="CallFailedException">The host violated its contract during the call.</exception>
    public void ThrowIfBroken()
    {
        if (Breach is string breach)
        {
            Breach = null;
            throw new CallFailedException(breach);
        }
    }
}
