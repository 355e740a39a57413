using System.Runtime.ExceptionServices;

namespace Fvm.Native;

/// <summary>
/// Threads with large stacks, for messages: the host calls from threads of ordinary size. There are as many as lanes, made when they
/// are first needed and kept; more calls than lanes wait, the first come first.
/// </summary>
/// <param name="lanes">How many threads there may be.</param>
/// <param name="stackBytes">The stack of each; only what is used is ever backed by memory.</param>
internal sealed class BigStackPool(int lanes, int stackBytes)
{
    private readonly object _gate = new();
    private readonly Queue<LaneWork> _waiting = new();
    private int _threads;
    private int _idle;

    /// <summary>How many threads there may be.</summary>
    public int Lanes => lanes;

    /// <summary>How many threads there are.</summary>
    public int Threads
    {
        get
        {
            lock (_gate)
            {
                return _threads;
            }
        }
    }

    /// <summary>Does the work on a thread of the pool and waits for it. What it throws is thrown here.</summary>
    /// <exception cref="OutOfMemoryException">There is no thread, and none can be made.</exception>
    public void Run(LaneWork work)
    {
        bool grow;
        lock (_gate)
        {
            _waiting.Enqueue(work);
            grow = _idle < _waiting.Count && _threads < lanes;
            if (grow)
            {
                _threads++;
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }

        if (grow)
        {
            Grow();
        }

        work.Wait();
        if (work.Failure is Exception failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Grow()
    {
        try
        {
            new Thread(Serve, stackBytes) { IsBackground = true, Name = "fvm" }.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            lock (_gate)
            {
                // With other threads the work waits for one of them; without, nothing that waits can ever be done.
                if (--_threads > 0)
                {
                    Monitor.Pulse(_gate);
                    return;
                }

                while (_waiting.TryDequeue(out LaneWork? stranded))
                {
                    stranded.Abandon(e);
                }
            }
        }
    }

    private void Serve()
    {
        ThreadStack stack = new();
        while (true)
        {
            LaneWork? work;
            lock (_gate)
            {
                _idle++;
                while (!_waiting.TryDequeue(out work))
                {
                    Monitor.Wait(_gate);
                }

                _idle--;
            }

            work.Execute();
            stack.GiveBack();
        }
    }
}
