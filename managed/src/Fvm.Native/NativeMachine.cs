namespace Fvm.Native;

/// <summary>
/// A machine with its host. Calls of several threads wait for each other; a call that would wait for itself, because it comes from within
/// a callback of the same machine, is refused. Whatever happens in a call, the next one finds the machine usable, or is told why not.
/// </summary>
/// <param name="executor">The machine.</param>
/// <param name="calls">What its host was asked.</param>
/// <param name="graph">Which machines wait for which.</param>
/// <param name="pool">The threads that messages run on.</param>
internal sealed class NativeMachine(Executor executor, HostCalls calls, CallGraph graph, BigStackPool pool)
{
    // How long a call waits before it looks whether it waits in vain.
    private const int PatienceMilliseconds = 200;

    private readonly object _gate = new();

    // The thread that runs the machine right now, which need not be the one that holds the gate; 0 for none.
    private nint _runner;
    private bool _dropped;

    /// <summary>What the host was asked.</summary>
    public HostCalls Calls => calls;

    /// <summary>The machine that one of this one's callbacks calls; belongs to the <see cref="CallGraph"/>.</summary>
    public NativeMachine? WaitsFor { get; set; }

    /// <summary>
    /// Lets the machine refuse every later call after one that ran out of memory: whatever it did, the caller never learns of it, so that
    /// the two no longer agree on the state. Allocates nothing.
    /// </summary>
    public void Break(Exception exhausted) => executor.Machine.Break(executor.Machine.Broken ?? exhausted.Message);

    /// <summary>Applies a message on a thread of the pool.</summary>
    /// <exception cref="CallerException">The call would never have its turn.</exception>
    /// <exception cref="CallFailedException">The machine is lost.</exception>
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

                // Before there is a thread for it, so that only messages at work, or waiting for their hosts, take up stacks.
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

    /// <summary>Writes the new state, on the caller's thread.</summary>
    /// <returns>The CID bytes of the state root.</returns>
    /// <exception cref="CallerException">The call would never have its turn.</exception>
    /// <exception cref="CallFailedException">The machine is lost.</exception>
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

    /// <summary>Ends the machine, after the calls that run: none of its callbacks comes later.</summary>
    public void Drop()
    {
        NativeMachine? caller;
        try
        {
            caller = graph.Begin(this);
        }
        catch (CallerException)
        {
            // From a callback of its own there is nothing to wait for.
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

    /// <summary>Does something with the machine on this thread, while its gate is held for it.</summary>
    /// <exception cref="CallFailedException">The host broke its contract meanwhile.</exception>
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
            // What the host did wrong says more than what came of it.
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
                throw new CallFailedException("the machine is lost: a thread left one of its callbacks by longjmp, or ended there");
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
