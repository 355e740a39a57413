using System.Runtime.ExceptionServices;
using Fvm.Wasm;

namespace Fvm.Native;

/// <summary>
/// Threads with large stacks, for messages: the host calls from threads of ordinary size. There are as many as lanes, made when they
/// are first needed and kept; more calls than lanes wait, the first come first. Its threads allocate nothing of their own, for what they
/// threw would end the process.
/// </summary>
/// <param name="lanes">How many threads there may be.</param>
/// <param name="threads">Tells of threads that never come back.</param>
internal sealed class BigStackPool(int lanes, ThreadFunctions threads = default)
{
    // How long work waits for a thread before it is looked whether one of them is lost.
    private const int PatienceMilliseconds = 200;

    private readonly Lane?[] _lanes = new Lane?[lanes];
    private readonly NativeSemaphore _gate = new(1);
    private readonly NativeSemaphore _available = new();
    private LaneWork? _first;
    private LaneWork? _last;
    private int _threads;

    // Work that waits or is being done.
    private int _pending;

    // Threads of the pool that wait for other work or machines, in the midst of their own.
    private int _waiting;

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

    /// <summary>Makes the first thread, if there is none: with one, every message can run sooner or later.</summary>
    /// <exception cref="OutOfMemoryException">It cannot be made.</exception>
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

        // Once it has begun it is never woken before its end: a host that leaves a callback by longjmp may go on on the caller's stack.
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

    /// <summary>Begins to wait, if this is a thread of the pool: for other work, or for a machine that may wait for a thread.</summary>
    /// <param name="forLane">Whether it is another of the pool's threads that is waited for.</param>
    /// <returns>Whether it is; then <see cref="EndWait"/> must follow.</returns>
    /// <exception cref="CallerException">All threads of the pool would wait for one of them.</exception>
    public bool BeginWait(bool forLane)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (!Array.Exists(_lanes, lane => lane?.Thread == thread))
        {
            return false;
        }

        _gate.Take();
        bool isLast = forLane && _waiting + 1 >= lanes;
        _waiting += isLast ? 0 : 1;
        _gate.Give();
        return isLast ? throw NeverBegins() : true;
    }

    /// <summary>Ends what <see cref="BeginWait"/> began.</summary>
    public void EndWait()
    {
        _gate.Take();
        _waiting--;
        _gate.Give();
    }

    /// <exception cref="CallerException">All threads of the pool wait, and there is work for them.</exception>
    public void RefuseIfStuck()
    {
        _gate.Take();
        bool isStuck = _waiting >= lanes && _first is not null;
        _gate.Give();
        if (isStuck)
        {
            throw NeverBegins();
        }
    }

    private CallerException NeverBegins() => new(
        $"all lanes ({Native.Lanes.Variable}: {lanes}) hold messages whose callbacks wait for another message or machine: this call would never "
        + "have its turn");

    // A thread that will never come back from its callback leaves its place to another.
    private void ReplaceLost()
    {
        for (int i = 0; i < _lanes.Length; i++)
        {
            if (_lanes[i] is not Lane { IsAtWork: true } lane || !threads.IsLost(lane.Record))
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

    // There is always one: no more threads are counted than there are places.
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
        lane.Record = threads.Current();
        while (true)
        {
            _available.Take();
            _gate.Take();
            LaneWork? work = _first;
            _first = work?.Next;
            _last = _first is null ? null : _last;
            if (work is not null)
            {
                work.HasBegun = lane.IsAtWork = true;
            }

            _gate.Give();
            if (work is null)
            {
                // It was abandoned.
                continue;
            }

            work.Do();
            stack.GiveBack();
            _gate.Take();
            bool isReplaced = lane.IsReplaced;
            _pending -= isReplaced ? 0 : 1;
            lane.IsAtWork = false;
            _gate.Give();
            work.End();
            if (isReplaced)
            {
                return;
            }
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

    /// <summary>A thread of the pool.</summary>
    private sealed class Lane
    {
        /// <summary>Its managed number.</summary>
        public int Thread { get; set; }

        /// <summary>Its name for <see cref="ThreadFunctions"/>.</summary>
        public nint Record { get; set; }

        public bool IsAtWork { get; set; }

        /// <summary>It was lost, and another has its place.</summary>
        public bool IsReplaced { get; set; }
    }
}
