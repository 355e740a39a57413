namespace Fvm.Hosting;

/// <summary>Work for a thread of a <see cref="BigStackPool"/>.</summary>
/// <param name="blocks">Whether a thread will wait for its end, which needs a semaphore; else <see cref="OnEnd"/> tells it.</param>
public abstract class LaneWork(bool blocks = true) : IDisposable
{
    private readonly NativeSemaphore? _done = blocks ? new NativeSemaphore() : null;

    /// <summary>The order in which waiting work gets a thread; not changed while it waits.</summary>
    public LanePriority Priority { get; set; } = LanePriority.Normal;

    /// <summary>The next work in the pool's queue.</summary>
    public LaneWork? Next { get; set; }

    /// <summary>The work's exception; null if it threw none.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _done?.Dispose();

    /// <summary>Whether a thread has begun the work.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Runs the work on the pool's thread; throws nothing.</summary>
    public void Do()
    {
        try
        {
            Run();
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    /// <summary>Signals completion to the caller.</summary>
    public void End()
    {
        _done?.Give();
        OnEnd();
    }

    /// <summary>Ends the work without running it.</summary>
    public void Abandon(Exception why)
    {
        Failure = why;
        End();
    }

    /// <summary>Waits until the work is done.</summary>
    public void Wait() => _done!.Take();

    /// <summary>Waits until the work is done, or for a time.</summary>
    /// <returns>Whether it is done.</returns>
    public bool Wait(int milliseconds) => _done!.TryTake(milliseconds);

    /// <summary>Called at the end, on the pool's thread, for work begun by <see cref="BigStackPool.Begin"/>; throws nothing.</summary>
    protected virtual void OnEnd()
    {
    }

    /// <summary>The work proper.</summary>
    protected abstract void Run();
}
