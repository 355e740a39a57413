using System.Runtime.ExceptionServices;
using Fvm.Wasm;

namespace Fvm.Hosting;

/// <summary>
/// A pool of threads with large stacks, for messages: hosts call from threads with ordinary stacks. Threads are created on demand, one per
/// lane at most, and kept; calls beyond that queue in order of priority. The pool's threads allocate nothing themselves, because an exception
/// there would end the process.
/// </summary>
public sealed class BigStackPool : IQueuedWork
{
    // How long work waits for a thread before the pool checks for lost ones.
    private const int PatienceMilliseconds = 200;

    private readonly WorkQueue _queue = new();

    // Work with its share.
    private readonly WorkQueue _ready = new();
    private readonly Lane?[] _lanes;
    private readonly NativeSemaphore _gate = new(1);
    private readonly NativeSemaphore _available = new();
    private readonly string _setting;
    private readonly IThreadWatch? _watch;
    private int _threads;

    // Work queued or running; without queued work that has no share yet.
    private int _pending;

    // Threads of the pool blocked within their work, on other work or on a machine.
    private int _waiting;

    /// <param name="lanes">Maximum number of threads.</param>
    /// <param name="setting">The name of the setting for it, for error messages.</param>
    /// <param name="threads">Detects threads lost in a callback; null if callbacks cannot lose any.</param>
    /// <param name="share">Work has a share of it from its begin to its end, and wakes no thread before; null for no bound. Used by no other pool,
    /// and by one that was prepared.</param>
    public BigStackPool(int lanes, string setting = "lanes", IThreadWatch? threads = null, ProcessorShare? share = null)
    {
        _lanes = new Lane?[lanes];
        _setting = setting;
        _watch = threads;
        Share = share;
        if (share is not null)
        {
            share.Work = this;
        }
    }

    /// <summary>Maximum number of threads.</summary>
    public int Lanes => _lanes.Length;

    /// <summary>What bounds how many of them compute at once; null for nothing.</summary>
    public ProcessorShare? Share { get; }

    /// <summary>Current number of threads.</summary>
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

    /// <summary>Creates the first thread, unless there is one: one suffices for every message to run eventually.</summary>
    /// <exception cref="OutOfMemoryException">The thread cannot be created.</exception>
    public void Prepare()
    {
        _gate.Take();
        bool grow = _threads == 0;
        _threads += grow ? 1 : 0;
        _gate.Give();
        if (!grow)
        {
            return;
        }

        try
        {
            StartThread();
        }
        catch
        {
            _gate.Take();
            _threads--;
            _gate.Give();
            throw;
        }
    }

    /// <summary>Queues the work for a thread of the pool, which tells its end by <c>OnEnd</c>.</summary>
    public void Begin(LaneWork work)
    {
        _gate.Take();
        _queue.Add(work);
        _pending += Share is null ? 1 : 0;
        _gate.Give();
        if (Share is null || Share.TryTakeForNext())
        {
            BeginNext();
        }
    }

    /// <summary>Runs the work on a thread of the pool and waits for it. Its exception is rethrown here.</summary>
    /// <exception cref="ResourceExhaustedException">There is no thread, and none can be created.</exception>
    public void Run(LaneWork work)
    {
        Begin(work);

        // Once begun, this wait must not end early: a host that leaves a callback by longjmp may continue on the caller's stack.
        while (!work.Wait(PatienceMilliseconds))
        {
            if (work.HasBegun)
            {
                work.Wait();
                break;
            }

            ReplaceLost();
        }

        if (work.Failure is Exception failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Registers a wait, if this is a thread of the pool: for other work, or for a machine whose holder may wait for a thread.</summary>
    /// <param name="forLane">Whether the wait is for another thread of the pool.</param>
    /// <returns>Whether this is a thread of the pool; then <see cref="EndWait"/> must follow.</returns>
    /// <exception cref="CallerException">All threads of the pool would be waiting for one of them.</exception>
    public bool BeginWait(bool forLane)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (!Array.Exists(_lanes, lane => lane?.Thread == thread))
        {
            return false;
        }

        _gate.Take();
        bool isLast = forLane && _waiting + 1 >= Lanes;
        _waiting += isLast ? 0 : 1;
        _gate.Give();
        return isLast ? throw NeverBegins() : true;
    }

    /// <summary>Ends the wait that <see cref="BeginWait"/> registered.</summary>
    public void EndWait()
    {
        _gate.Take();
        _waiting--;
        _gate.Give();
    }

    /// <exception cref="CallerException">All threads of the pool are waiting, and work is queued.</exception>
    public void RefuseIfStuck()
    {
        _gate.Take();
        bool isStuck = _waiting >= Lanes && _queue.Next is not null;
        _gate.Give();
        if (isStuck)
        {
            throw NeverBegins();
        }
    }

    private CallerException NeverBegins() => new(
        $"all lanes ({_setting}: {Lanes}) hold messages whose callbacks wait for another message or machine: this call could never "
        + "run");

    // Work beyond the lanes has to have none: threads that return from callbacks wait for it.
    LanePriority? IQueuedWork.Next
    {
        get
        {
            _gate.Take();
            LanePriority? next = _pending < Lanes ? _queue.Next : null;
            _gate.Give();
            return next;
        }
    }

    bool IQueuedWork.TryTakeNext()
    {
        _gate.Take();
        LaneWork? work = _pending < Lanes ? _queue.Take() : null;
        if (work is not null)
        {
            _ready.Add(work);
            _pending++;
        }

        _gate.Give();
        return work is not null;
    }

    void IQueuedWork.BeginNext() => BeginNext();

    private void BeginNext()
    {
        _gate.Take();
        bool grow = _pending > _threads && _threads < Lanes;
        _threads += grow ? 1 : 0;
        _gate.Give();
        _available.Give();
        if (grow)
        {
            Grow();
        }
    }

    // Replaces threads that will never return from their callback.
    private void ReplaceLost()
    {
        for (int i = 0; i < _lanes.Length; i++)
        {
            if (_lanes[i] is not Lane { IsAtWork: true } lane || _watch?.IsLost(lane.Record) != true)
            {
                continue;
            }

            _gate.Take();
            bool isFirst = !lane.IsReplaced;
            lane.IsReplaced = true;
            _pending -= isFirst ? 1 : 0;
            _gate.Give();
            if (isFirst)
            {
                Grow();
            }
        }
    }

    private void Grow()
    {
        try
        {
            StartThread();
        }
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            _gate.Take();

            // If other threads remain, the work waits for one of them; otherwise nothing queued can ever run.
            LaneWork? stranded = null;
            bool isLast = --_threads == 0;
            while (isLast && _queue.Take() is LaneWork work)
            {
                work.Next = stranded;
                stranded = work;
                _pending--;
            }

            _gate.Give();
            while (stranded is not null)
            {
                // Its owner may reuse it at once.
                LaneWork? next = stranded.Next;
                stranded.Abandon(e);
                stranded = next;
            }
        }
    }

    private void StartThread()
    {
        Lane lane = new();
        _gate.Take();
        int place = FreePlace();
        _lanes[place] = lane;
        _gate.Give();
        try
        {
            _ = ExecutionThread.Start(() => Serve(lane), "fvm");
        }
        catch
        {
            _gate.Take();
            _lanes[place] = null;
            _gate.Give();
            throw;
        }
    }

    // There is always a free place: no more threads are counted than there are places.
    private int FreePlace()
    {
        int place = 0;
        while (_lanes[place] is { IsReplaced: false })
        {
            place++;
        }

        return place;
    }

    private void Serve(Lane lane)
    {
        NativeStack stack = NativeStack.OfThread();
        lane.Thread = Environment.CurrentManagedThreadId;
        lane.Record = _watch?.Current() ?? 0;
        bool mayBegin = false;
        while (true)
        {
            if (!mayBegin)
            {
                _available.Take();
            }

            _gate.Take();
            LaneWork? work = (Share is null ? _queue : _ready).Take();
            if (work is not null)
            {
                work.HasBegun = lane.IsAtWork = true;
            }

            _gate.Give();
            if (work is null)
            {
                // The work was abandoned.
                continue;
            }

            work.Do();
            stack.GiveBack();
            _gate.Take();
            bool isReplaced = lane.IsReplaced;
            _pending -= isReplaced ? 0 : 1;
            lane.IsAtWork = false;
            _gate.Give();

            // Work that waited for a share begins in this thread, which is awake.
            mayBegin = Share?.KeepOrGive() == true;
            work.End();
            if (isReplaced)
            {
                return;
            }
        }
    }

    /// <summary>A thread of the pool.</summary>
    private sealed class Lane
    {
        /// <summary>The managed thread ID.</summary>
        public int Thread { get; set; }

        /// <summary>The thread's identifier for <see cref="IThreadWatch"/>.</summary>
        public nint Record { get; set; }

        public bool IsAtWork { get; set; }

        /// <summary>Whether the thread was lost and its place given to another.</summary>
        public bool IsReplaced { get; set; }
    }
}
