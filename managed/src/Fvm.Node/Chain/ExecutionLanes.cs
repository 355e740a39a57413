using System.Collections.Concurrent;

namespace Fvm.Node;

/// <summary>Threads with stacks for a message's deepest calls. Work is done in the order in which it arrives.</summary>
internal sealed class ExecutionLanes : IDisposable
{
    private readonly BlockingCollection<Action> _work;
    private readonly ExecutionThread[] _threads;

    /// <param name="count">The number of threads.</param>
    /// <param name="name">Their name.</param>
    /// <param name="maxWaiting">How much work may wait; more is refused.</param>
    public ExecutionLanes(int count, string name, int maxWaiting)
    {
        _work = new BlockingCollection<Action>(maxWaiting);
        _threads = new ExecutionThread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = ExecutionThread.Start(Loop, name);
        }
    }

    /// <summary>Does work on one of the threads.</summary>
    /// <exception cref="ChainBusyException">Too much work is waiting.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool added = _work.TryAdd(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception exception)
            {
                // Every failure is the caller's to report.
                result.SetException(exception);
            }
        });
        return added ? result.Task : throw new ChainBusyException($"{_work.BoundedCapacity} calls are waiting already: send fewer at a time");
    }

    /// <summary>Does work that returns nothing.</summary>
    /// <exception cref="ChainBusyException">Too much work is waiting.</exception>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Waits for the work that has begun or is waiting.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (ExecutionThread thread in _threads)
        {
            thread.Join();
        }

        _work.Dispose();
    }

    private void Loop()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
