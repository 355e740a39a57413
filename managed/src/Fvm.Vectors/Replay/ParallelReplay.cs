namespace Fvm.Vectors;

/// <summary>Processes a sequence on several threads and reports the results in sequence order.</summary>
/// <remarks>
/// At most a window of items is between reading and reporting, so memory does not grow with the sequence. The threads have large stacks for
/// nested actor calls.
/// </remarks>
public static class ParallelReplay
{
    // Enough that a slow vector at the head of the window does not idle the other threads.
    private const int WindowPerJob = 64;

    /// <summary>Applies <paramref name="work"/> to each item.</summary>
    /// <param name="jobs">The number of threads; at least one.</param>
    /// <param name="report">Called on one thread at a time, in order.</param>
    /// <exception cref="OutOfMemoryException">Not a single thread could be created.</exception>
    /// <exception cref="AggregateException">Reading the sequence, work or report threw; the inner exception is the first.</exception>
    public static void Run<TItem, TResult>(
        IEnumerable<TItem> items, int jobs, Func<TItem, TResult> work, Action<TResult> report)
    {
        using IEnumerator<TItem> source = items.GetEnumerator();
        Turnstile<TItem, TResult> turnstile = new(source, jobs * WindowPerJob, report);
        List<ExecutionThread> threads = new(jobs);
        try
        {
            while (threads.Count < jobs)
            {
                threads.Add(ExecutionThread.Start(() => turnstile.Work(work), $"replay {threads.Count}"));
            }
        }
        catch (OutOfMemoryException) when (threads.Count > 0)
        {
            // The threads that could be created do all the work.
        }

        foreach (ExecutionThread thread in threads)
        {
            thread.Join();
        }

        turnstile.ThrowIfFailed();
    }

    private sealed class Turnstile<TItem, TResult>(IEnumerator<TItem> source, int window, Action<TResult> report)
    {
        private readonly Lock _reading = new();
        private readonly object _reporting = new();
        private readonly Dictionary<long, TResult> _waiting = [];
        private long _read;
        private long _reported;
        private Exception? _failure;

        public void Work(Func<TItem, TResult> work)
        {
            try
            {
                while (TryTake(out TItem item, out long number))
                {
                    Give(number, work(item));
                }
            }
            catch (Exception exception)
            {
                lock (_reporting)
                {
                    _failure ??= exception;
                    Monitor.PulseAll(_reporting);
                }
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is not null)
            {
                throw new AggregateException(_failure);
            }
        }

        private bool TryTake(out TItem item, out long number)
        {
            lock (_reading)
            {
                WaitForRoom();
                item = default!;
                number = _read;
                if (Volatile.Read(ref _failure) is not null || !source.MoveNext())
                {
                    return false;
                }

                item = source.Current;
                _read++;
                return true;
            }
        }

        private void WaitForRoom()
        {
            lock (_reporting)
            {
                while (_read - _reported >= window && _failure is null)
                {
                    Monitor.Wait(_reporting);
                }
            }
        }

        private void Give(long number, TResult result)
        {
            lock (_reporting)
            {
                _waiting.Add(number, result);
                while (_waiting.Remove(_reported, out TResult? next))
                {
                    report(next);
                    _reported++;
                }

                Monitor.PulseAll(_reporting);
            }
        }
    }
}
