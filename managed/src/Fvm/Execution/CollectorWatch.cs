namespace Fvm;

/// <summary>
/// Ends a message that the garbage collector hardly lets go on. A heap that is full to the last bytes does not fail at once: each small
/// request is met after a collection of its own, and a message of a second takes hours.
/// </summary>
internal sealed class CollectorWatch
{
    private const long WindowMilliseconds = 3000;
    private const double MostShare = 0.9;

    private long _begin = Environment.TickCount64;
    private TimeSpan _pausesThen = GC.GetTotalPauseDuration();

    /// <summary>To be called at each call between actors: looks every 3 seconds at how much of them were collections.</summary>
    /// <exception cref="ResourceExhaustedException">More than nine tenths were.</exception>
    public void Check()
    {
        long elapsed = Environment.TickCount64 - _begin;
        if (elapsed < WindowMilliseconds)
        {
            return;
        }

        TimeSpan pauses = GC.GetTotalPauseDuration();
        double collecting = (pauses - _pausesThen).TotalMilliseconds;
        if (collecting > MostShare * elapsed)
        {
            throw new ResourceExhaustedException(
                $"out of memory: collecting garbage took {collecting:F0} of {elapsed} milliseconds (the heap's bound: {HeapLimit.Variable})");
        }

        _begin += elapsed;
        _pausesThen = pauses;
    }
}
