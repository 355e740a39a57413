using System.Collections.Concurrent;

namespace Fvm.Native;

/// <summary>
/// Which machine's callback calls which other machine. A call that would wait for itself, through however many machines, is refused: each
/// call has its turn in the end.
/// </summary>
/// <param name="threads">Tells of threads that never come back from a callback.</param>
internal sealed class CallGraph(ThreadFunctions threads)
{
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<int, NativeMachine> _atWork = new();

    /// <summary>What is known of threads.</summary>
    public ThreadFunctions Threads => threads;

    /// <summary>Begins a call of a machine.</summary>
    /// <returns>The machine in whose callback this thread is; null where it is in none.</returns>
    /// <exception cref="CallerException">The call would wait for its own end.</exception>
    public NativeMachine? Begin(NativeMachine machine)
    {
        if (!_atWork.TryGetValue(Environment.CurrentManagedThreadId, out NativeMachine? caller))
        {
            return null;
        }

        lock (_gate)
        {
            for (NativeMachine? next = machine; next is not null; next = next.WaitsFor)
            {
                if (next == caller)
                {
                    throw new CallerException(
                        "the machine is at work: this call comes from one of its own callbacks, or from one of a machine that it waits for");
                }
            }

            caller.WaitsFor = machine;
        }

        return caller;
    }

    /// <summary>Ends a call.</summary>
    /// <param name="caller">What <see cref="Begin"/> returned.</param>
    public void End(NativeMachine? caller)
    {
        if (caller is not null)
        {
            lock (_gate)
            {
                caller.WaitsFor = null;
            }
        }
    }

    /// <summary>Notes that this thread works for a machine from now on.</summary>
    /// <returns>The machine that it worked for before, from whose callback it comes; null for none.</returns>
    public NativeMachine? Enter(NativeMachine machine)
    {
        int thread = Environment.CurrentManagedThreadId;
        NativeMachine? before = _atWork.GetValueOrDefault(thread);
        _atWork[thread] = machine;
        return before;
    }

    /// <summary>Notes that this thread has done its work. Allocates nothing.</summary>
    /// <param name="before">What <see cref="Enter"/> returned.</param>
    public void Leave(NativeMachine? before)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (before is null)
        {
            _ = _atWork.TryRemove(thread, out _);
        }
        else
        {
            _atWork[thread] = before;
        }
    }
}
