namespace Fvm.Native;

/// <summary>
/// A machine with its host. Calls of several threads wait for each other; a call from within a callback of the same machine, which
/// would wait for itself, is refused. Whatever happens in a call, the next one finds the machine usable.
/// </summary>
/// <param name="executor">The machine.</param>
/// <param name="calls">What its host was asked.</param>
internal sealed class NativeMachine(Executor executor, HostCalls calls)
{
    private readonly object _gate = new();

    // The thread that runs the machine right now, which need not be the one that holds the gate; 0 for none.
    private volatile int _runner;
    private bool _dropped;

    /// <summary>What the host was asked.</summary>
    public HostCalls Calls => calls;

    /// <summary>
    /// Lets the machine refuse every later call after one that ran out of memory: whatever it did, the caller never learns of it, so that
    /// the two no longer agree on the state. Allocates nothing.
    /// </summary>
    public void Break(Exception exhausted) => executor.Machine.Break(executor.Machine.Broken ?? exhausted.Message);

    /// <summary>Applies a message on a thread of the pool.</summary>
    public ApplyRet Execute(MessageWork work, BigStackPool pool)
    {
        RefuseReentry();
        lock (_gate)
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
    }

    /// <summary>Writes the new state, on the caller's thread.</summary>
    /// <returns>The CID bytes of the state root.</returns>
    public byte[] Flush()
    {
        RefuseReentry();
        lock (_gate)
        {
            RefuseDropped();
            return Run(static executor => executor.Flush()).ToBytes();
        }
    }

    /// <summary>Ends the machine, after the calls that run: none of its callbacks comes later.</summary>
    public void Drop()
    {
        // From a callback of its own there is nothing to wait for.
        if (_runner == Environment.CurrentManagedThreadId)
        {
            return;
        }

        lock (_gate)
        {
            _dropped = true;
        }
    }

    /// <summary>Does something with the machine on this thread, while its gate is held for it.</summary>
    /// <exception cref="CallFailedException">The host broke its contract meanwhile.</exception>
    public T Run<T>(Func<Executor, T> action)
    {
        _runner = Environment.CurrentManagedThreadId;
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
            _runner = 0;
        }
    }

    private void RefuseReentry()
    {
        if (_runner == Environment.CurrentManagedThreadId)
        {
            throw new CallerException("the machine is at work: this call comes from one of its own callbacks");
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
