using System.Collections.Concurrent;
using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>
/// The wait-for graph between machines whose host callbacks call other machines. A call that would close a cycle is refused, so every
/// accepted call eventually gets its turn.
/// </summary>
/// <param name="threads">Detects threads lost in a callback.</param>
internal sealed class CallGraph(ThreadFunctions threads)
{
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<int, NativeMachine> _atWork = new();

    /// <summary>Detects threads lost in a callback.</summary>
    public ThreadFunctions Threads => threads;

    /// <summary>Begins a call of a machine.</summary>
    /// <returns>The machine in whose callback this thread is; null if in none.</returns>
    /// <exception cref="CallerException">The call would deadlock: it would wait for its own end.</exception>
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
                        "the machine is busy: this call comes from one of its own callbacks, or from a callback of a machine that it waits for");
                }
            }

            caller.WaitsFor = machine;
        }

        return caller;
    }

    /// <summary>Ends a call.</summary>
    /// <param name="caller">The result of <see cref="Begin"/>.</param>
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

    /// <summary>Registers this thread as running a machine.</summary>
    /// <returns>The machine it ran before, from whose callback it comes; null for none.</returns>
    public NativeMachine? Enter(NativeMachine machine)
    {
        int thread = Environment.CurrentManagedThreadId;
        NativeMachine? before = _atWork.GetValueOrDefault(thread);
        _atWork[thread] = machine;
        return before;
    }

    /// <summary>Restores the state before <see cref="Enter"/>. Allocates nothing.</summary>
    /// <param name="before">The result of <see cref="Enter"/>.</param>
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
