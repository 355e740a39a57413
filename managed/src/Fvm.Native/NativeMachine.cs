using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>
/// A machine with its host. Serialises calls of several threads; refuses a call that would deadlock because it comes from a callback of the
/// same machine. Whatever happens in a call, the next one finds the machine usable or gets the reason why it is not.
/// </summary>
/// <param name="executor">The machine.</param>
/// <param name="calls">The machine's host call statistics and contract state.</param>
/// <param name="graph">The wait-for graph of the machines.</param>
/// <param name="pool">The threads that run messages.</param>
internal sealed class NativeMachine(Executor executor, HostCalls calls, CallGraph graph, BigStackPool pool)
{
    // How long a call waits before it checks for a deadlock.
    private const int PatienceMilliseconds = 200;

    private readonly object _gate = new();

    // The thread running the machine, which may differ from the one holding the gate; 0 for none.
    private nint _runner;
    private bool _dropped;

    /// <summary>The machine's host call statistics and contract state.</summary>
    public HostCalls Calls => calls;

    /// <summary>The machine called by a callback of this one; owned by the <see cref="CallGraph"/>.</summary>
    public NativeMachine? WaitsFor { get; set; }

    /// <summary>
    /// Makes the machine refuse all later calls after one that ran out of memory: the caller never learns its result, so caller and machine no
    /// longer agree on the state. Allocates nothing.
    /// </summary>
    public void Break(Exception exhausted) => executor.Machine.Break(executor.Machine.Broken ?? exhausted.Message);

    /// <summary>Applies a message on a thread of the pool.</summary>
    /// <exception cref="CallerException">The call would deadlock.</exception>
    /// <exception cref="CallFailedException">The machine is broken, or its host broke its contract.</exception>
    public ApplyRet Execute(MessageWork work)
    {
        NativeMachine? caller = graph.Begin(this);
        bool isLane = false;
        try
        {
            isLane = caller is not null && pool.BeginWait(forLane: true);
            Take(isLane);
            try
            {
                RefuseDropped();

                // Acquired before a thread is, so that only messages that compute or wait for their hosts occupy stacks.
                calls.BeginMessage();
                try
                {
                    pool.Run(work);
                }
                finally
                {
                    calls.EndMessage();
                }

                return work.Result;
            }
            finally
            {
                Monitor.Exit(_gate);
            }
        }
        finally
        {
            if (isLane)
            {
                pool.EndWait();
            }

            graph.End(caller);
        }
    }

    /// <summary>Flushes the state, on the caller's thread.</summary>
    /// <returns>The CID bytes of the state root.</returns>
    /// <exception cref="CallerException">The call would deadlock.</exception>
    /// <exception cref="CallFailedException">The machine is broken, or its host broke its contract.</exception>
    public byte[] Flush()
    {
        NativeMachine? caller = graph.Begin(this);
        try
        {
            TakeOnCallersThread(caller);
            try
            {
                RefuseDropped();
                return Run(static executor => executor.Flush()).ToBytes();
            }
            finally
            {
                Monitor.Exit(_gate);
            }
        }
        finally
        {
            graph.End(caller);
        }
    }

    /// <summary>Drops the machine once its calls have ended: none of its callbacks comes later.</summary>
    public void Drop()
    {
        NativeMachine? caller;
        try
        {
            caller = graph.Begin(this);
        }
        catch (CallerException)
        {
            // Called from one of its own callbacks: waiting would deadlock.
            return;
        }

        try
        {
            TakeOnCallersThread(caller);
            _dropped = true;
            Monitor.Exit(_gate);
        }
        finally
        {
            graph.End(caller);
        }
    }

    /// <summary>Uses the machine on this thread, on behalf of the gate's holder.</summary>
    /// <exception cref="CallFailedException">The host broke its contract in the meantime.</exception>
    public T Run<T>(Func<Executor, T> action)
    {
        NativeMachine? before = graph.Enter(this);
        Volatile.Write(ref _runner, graph.Threads.Current());
        try
        {
            T result = action(executor);
            calls.ThrowIfBroken();
            return result;
        }
        catch (Exception e) when (e is not CallFailedException)
        {
            // The host's contract violation explains more than its consequence.
            calls.ThrowIfBroken();
            throw;
        }
        finally
        {
            Volatile.Write(ref _runner, 0);
            graph.Leave(before);
        }
    }

    private void TakeOnCallersThread(NativeMachine? caller)
    {
        if (Monitor.TryEnter(_gate))
        {
            return;
        }

        bool isLane = caller is not null && pool.BeginWait(forLane: false);
        try
        {
            Take(isLane);
        }
        finally
        {
            if (isLane)
            {
                pool.EndWait();
            }
        }
    }

    private void Take(bool isLane)
    {
        while (!Monitor.TryEnter(_gate, PatienceMilliseconds))
        {
            if (graph.Threads.IsLost(Volatile.Read(ref _runner)))
            {
                throw new CallFailedException("the machine is unusable: a thread left one of its callbacks by longjmp, or ended there");
            }

            if (isLane)
            {
                pool.RefuseIfStuck();
            }
        }
    }

    private void RefuseDropped()
    {
        if (_dropped)
        {
            throw new CallerException("the machine was dropped meanwhile");
        }
    }
}
