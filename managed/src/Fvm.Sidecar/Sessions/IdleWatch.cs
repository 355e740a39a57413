namespace Fvm.Sidecar;

/// <summary>
/// Cancels a token when nothing came for too long, by one timer for all waits: a timer per frame would cost more than the frame. Used by one
/// thread at a time.
/// </summary>
internal sealed class IdleWatch : IDisposable
{
    private const long NotWaiting = long.MaxValue;

    private readonly CancellationTokenSource _cancelled;
    private readonly TimeSpan _patience;
    private readonly Timer _timer;
    private long _since = NotWaiting;

    /// <param name="patience">The longest wait.</param>
    /// <param name="others">What else ends a wait.</param>
    public IdleWatch(TimeSpan patience, params CancellationToken[] others)
    {
        _patience = patience;
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(others);
        _timer = new Timer(static state => ((IdleWatch)state!).Check(), this, patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Set when a wait took too long, or is to end for another reason.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>A wait begins.</summary>
    public void Begin() => Volatile.Write(ref _since, Environment.TickCount64);

    /// <summary>The wait has ended.</summary>
    public void End() => Volatile.Write(ref _since, NotWaiting);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _cancelled.Dispose();
    }

    private void Check()
    {
        long since = Volatile.Read(ref _since);
        TimeSpan left = since == NotWaiting ? _patience : _patience - TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        try
        {
            if (left <= TimeSpan.Zero)
            {
                _cancelled.Cancel();
            }
            else
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
            }
        }
        catch (ObjectDisposedException)
        {
            // The session has ended in the meantime.
        }
    }
}
