namespace Fvm;

/// <summary>
/// Ends a message that spends nearly all its time in garbage collection. A heap that is almost full does not fail at once: each small
/// allocation succeeds after a collection of its own, and a message of one second takes hours.
/// </summary>
internal sealed class CollectorWatch
{
    private const long WindowMilliseconds = 3000;
    private const double MostShare = 0.9;

    // A heap that thrashes is nearly full even after a collection. One that is not has long collections for another reason: the stacks of
    // hundreds of messages that wait at great depth.
    private const double LeastOccupancy = 0.5;

    private long _begin = Environment.TickCount64;
    private TimeSpan _pausesThen = GC.GetTotalPauseDuration();

    /// <summary>To be called at each call between actors: every 3 seconds checks the share of time spent in collections.</summary>
    /// <exception cref="ResourceExhaustedException">It exceeds nine tenths, and the heap is more than half full after a collection.</exception>
    public void Check()
    {
        long elapsed = Environment.TickCount64 - _begin;
        if (elapsed < WindowMilliseconds)
        {
            return;
        }

        TimeSpan pauses = GC.GetTotalPauseDuration();
        double collecting = (pauses - _pausesThen).TotalMilliseconds;
        if (collecting > MostShare * elapsed && IsHeapHalfFull())
        {
            throw new ResourceExhaustedException(
                $"out of memory: collecting garbage took {collecting:F0} of {elapsed} milliseconds (the heap's bound: {HeapLimit.Variable})");
        }

        _begin += elapsed;
        _pausesThen = pauses;
    }

    private static bool IsHeapHalfFull()
    {
        GCMemoryInfo last = GC.GetGCMemoryInfo();
        return last.HeapSizeBytes > LeastOccupancy * last.TotalAvailableMemoryBytes;
    }
}
