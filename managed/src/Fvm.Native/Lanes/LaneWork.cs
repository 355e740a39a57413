namespace Fvm.Native;

/// <summary>Something to do on a thread of a <see cref="BigStackPool"/>.</summary>
internal abstract class LaneWork : IDisposable
{
    private readonly NativeSemaphore _done = new();

    /// <summary>What waits behind it, for the pool.</summary>
    public LaneWork? Next { get; set; }

    /// <summary>What the work threw; null when it threw nothing.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _done.Dispose();

    /// <summary>Whether a thread has begun with it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Does the work. Called by the pool's thread; throws nothing.</summary>
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

    /// <summary>Lets the caller go on.</summary>
    public void End() => _done.Give();

    /// <summary>Ends the work without doing it.</summary>
    public void Abandon(Exception why)
    {
        Failure = why;
        _done.Give();
    }

    /// <summary>Waits until the work is done.</summary>
    public void Wait() => _done.Take();

    /// <summary>Waits until the work is done, but not for long.</summary>
    /// <returns>Whether it is done.</returns>
    public bool Wait(int milliseconds) => _done.TryTake(milliseconds);

    /// <summary>The work itself.</summary>
    protected abstract void Run();
}
