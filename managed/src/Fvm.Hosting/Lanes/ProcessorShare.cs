namespace Fvm.Hosting;

/// <summary>
/// A semaphore that bounds how many messages compute at once if there are more lanes than the processors can serve: lanes are for waiting for
/// the host. Without it, hundreds of unfinished messages would hold the memory of all their nested calls while time-slicing.
/// </summary>
/// <param name="messages">How many messages may compute at once.</param>
// Not disposable: threads of lanes still give their shares back when the last work has told its end. Its semaphores free themselves.
public sealed class ProcessorShare(int messages)
{
    // More than the number of processors, so that none idles during a hand-over.
    private const int PerProcessor = 2;

    private readonly NativeSemaphore _gate = new(1);
    private readonly NativeSemaphore[] _turns = [new(), new(), new()];
    private readonly int[] _waiting = new int[(int)LanePriority.Low + 1];
    private int _free = messages;

    /// <summary>Work that waits for shares beside threads; null for none.</summary>
    internal IQueuedWork? Work { get; set; }

    /// <summary>The bound for a number of lanes; null if they need none.</summary>
    public static ProcessorShare? For(int lanes, int processors) =>
        lanes > processors * PerProcessor ? new ProcessorShare(processors * PerProcessor) : null;

    /// <summary>The number of waiting threads.</summary>
    public int Waiting
    {
        get
        {
            _gate.Take();
            int waiting = _waiting.Sum();
            _gate.Give();
            return waiting;
        }
    }

    /// <summary>Whether a thread waits for a share, or work that could begin.</summary>
    public bool IsWanted => Waiting > 0 || Work?.Next is not null;

    /// <summary>Waits for a share.</summary>
    public void Take(LanePriority priority = LanePriority.Normal)
    {
        while (!TryTake(priority))
        {
            _turns[(int)priority].Take();
        }
    }

    /// <summary>Takes a share for the next work, which was queued.</summary>
    /// <returns>Whether it begins now; else when a share is free.</returns>
    internal bool TryTakeForNext()
    {
        _gate.Take();
        bool begins = _free > 0 && Work!.TryTakeNext();
        _free -= begins ? 1 : 0;
        _gate.Give();
        return begins;
    }

    /// <summary>Releases the share, and wakes the most urgent waiter.</summary>
    public void Give()
    {
        if (KeepOrGive())
        {
            Work!.BeginNext();
        }
    }

    /// <summary>Releases the share, unless work is the most urgent waiter.</summary>
    /// <returns>Whether the caller keeps the share, and is to begin that work.</returns>
    internal bool KeepOrGive()
    {
        _gate.Take();
        int next = Array.FindIndex(_waiting, static waiting => waiting > 0);
        bool isKept = Work?.Next is LanePriority work && (next < 0 || (int)work < next) && Work.TryTakeNext();
        if (!isKept)
        {
            // Not handed over: a message that returns from a callback in the meantime may take it, instead of changing threads at each callback.
            _free++;
            if (next >= 0)
            {
                _waiting[next]--;
                _turns[next].Give();
            }
        }

        _gate.Give();
        return isKept;
    }

    private bool TryTake(LanePriority priority)
    {
        _gate.Take();
        bool isFree = _free > 0;
        _free -= isFree ? 1 : 0;
        _waiting[(int)priority] += isFree ? 0 : 1;
        _gate.Give();
        return isFree;
    }
}
