namespace Fvm.Sidecar;

/// <summary>
/// Where Kestrel's loop that makes frames goes on after it has waited for data. It waits in the context in which the connection's writer was last
/// flushed on its thread (an await captures the context): here, the thread that gave it data runs it, once it is out of Kestrel's locks. If Kestrel
/// captured no context, or another thread gives it data, it runs in the thread pool as usual.
/// </summary>
internal sealed class ServerWork : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _left = new();
    private int _thread;

    /// <inheritdoc cref="IConnectionThread.TryEnter"/>
    public bool TryEnter() => Interlocked.CompareExchange(ref _thread, Environment.CurrentManagedThreadId, 0) == 0;

    /// <inheritdoc cref="IConnectionThread.Leave"/>
    public void Leave()
    {
        try
        {
            while (_left.TryDequeue(out (SendOrPostCallback Callback, object? State) work))
            {
                Run(work.Callback, work.State);
            }
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
        }
    }

    /// <summary>Makes a thread of the pool that sends wait here next time. The pool takes the context back when its work ends.</summary>
    public void Capture()
    {
        if (Current is null && Thread.CurrentThread.IsThreadPoolThread)
        {
            SetSynchronizationContext(this);
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId)
        {
            // Its own queue: no other thread sees its number here.
            _left.Enqueue((d, state));
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static item => item.Work.Run(item.Callback, item.State), (Work: this, Callback: d, State: state), preferLocal: false);
        }
    }

    private void Run(SendOrPostCallback callback, object? state)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
