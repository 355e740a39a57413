using System.Runtime.ExceptionServices;

namespace Fvm.Native;

/// <summary>
/// Threads with large stacks, for messages: the host calls from threads of ordinary size. There are as many as lanes, made when they
/// are first needed and kept; more calls than lanes wait, the first come first. Its threads allocate nothing of their own, for what they
/// threw would end the process.
/// </summary>
/// <param name="lanes">How many threads there may be.</param>
/// <param name="stackBytes">The stack of each; only what is used is ever backed by memory.</param>
internal sealed class BigStackPool(int lanes, int stackBytes)
{
    private readonly NativeSemaphore _gate = new(1);
    private readonly NativeSemaphore _available = new();
    private LaneWork? _first;
    private LaneWork? _last;
    private int _threads;

    // Work that waits or is being done.
    private int _pending;

    /// <summary>How many threads there may be.</summary>
    public int Lanes => lanes;

    /// <summary>How many threads there are.</summary>
    public int Threads
    {
        get
        {
            _gate.Take();
            int threads = _threads;
            _gate.Give();
            return threads;
        }
    }

    /// <summary>Does the work on a thread of the pool and waits for it. What it throws is thrown here.</summary>
    /// <exception cref="ResourceExhaustedException">There is no thread, and none can be made.</exception>
    public void Run(LaneWork work)
    {
        _gate.Take();
        Enqueue(work);
        _pending++;
        bool grow = _pending > _threads && _threads < lanes;
        _threads += grow ? 1 : 0;
        _gate.Give();
        _available.Give();
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
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            _gate.Take();

            // With other threads the work waits for one of them; without, nothing that waits can ever be done.
            LaneWork? stranded = null;
            if (--_threads == 0)
            {
                stranded = _first;
                _first = _last = null;
            }

            for (LaneWork? work = stranded; work is not null; work = work.Next)
            {
                _pending--;
            }

            _gate.Give();
            while (stranded is not null)
            {
                // Whoever waits for it may use it again at once.
                LaneWork? next = stranded.Next;
                stranded.Abandon(e);
                stranded = next;
            }
        }
    }

    private void Serve()
    {
        ThreadStack stack = new();
        while (true)
        {
            _available.Take();
            _gate.Take();
            LaneWork? work = _first;
            _first = work?.Next;
            _last = _first is null ? null : _last;
            _gate.Give();
            if (work is null)
            {
                // It was abandoned.
                continue;
            }

            work.Do();
            stack.GiveBack();
            _gate.Take();
            _pending--;
            _gate.Give();
            work.End();
        }
    }

    private void Enqueue(LaneWork work)
    {
        work.Next = null;
        if (_last is null)
        {
            _first = work;
        }
        else
        {
            _last.Next = work;
        }

        _last = work;
    }
}
