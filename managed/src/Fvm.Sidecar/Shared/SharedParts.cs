using System.Collections.Concurrent;
using Fvm.Hosting;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>What all sessions share: prepared actors, blocks, threads.</summary>
internal sealed class SharedParts(SidecarOptions options, ILogger log) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<IHoldsBytes, bool> _holders = new();
    private readonly int[] _queuedBy = new int[(int)LanePriority.Low + 1];
    private int _sessions;
    private int _machines;
    private int _queued;
    private int _running;

    public SidecarOptions Options => options;

    public EnginePool Engines { get; } = new(new EnginePoolOptions
    {
        Engine = Wasm.WasmEngines.Names[0],
        Cache = options.Code,
        CompileAhead = true,
        Stoppable = true,
    });

    public SharedBlockCache Blocks { get; } = new(options.BlockCacheBytes);

    public BigStackPool Lanes { get; } = new(options.Lanes, share: ProcessorShare.For(options.Lanes, Environment.ProcessorCount));

    public SidecarTelemetry Telemetry { get; } = new(log);

    /// <summary>The open sessions, as holders of bytes.</summary>
    public IEnumerable<IHoldsBytes> Holders => _holders.Keys;

    /// <summary>The number of open sessions.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>The number of calls that wait for a lane.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>The number of calls on lanes.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The number of machines of all sessions.</summary>
    public int Machines => Volatile.Read(ref _machines);

    /// <summary>Set when the server stops: calls that run may end, others are refused.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins to stop.</summary>
    public void Stop() => _stopping.Cancel();

    /// <exception cref="CallFault">There are too many, or the server stops.</exception>
    public void EnterSession(IHoldsBytes session)
    {
        RefuseIfStopping();
        if (Interlocked.Increment(ref _sessions) > options.MaxSessions)
        {
            Interlocked.Decrement(ref _sessions);
            throw CallFault.Limit("sessions", $"the server has {options.MaxSessions} sessions, its limit");
        }

        _holders.TryAdd(session, true);
    }

    public void LeaveSession(IHoldsBytes session)
    {
        _holders.TryRemove(session, out _);
        Interlocked.Decrement(ref _sessions);
    }

    /// <summary>Counts a machine.</summary>
    public void EnterMachine() => Interlocked.Increment(ref _machines);

    public void LeaveMachine() => Interlocked.Decrement(ref _machines);

    /// <summary>The number of calls of a priority that wait for a lane.</summary>
    public int QueuedBy(LanePriority priority) => Volatile.Read(ref _queuedBy[(int)priority]);

    /// <summary>Whether calls of a priority, or of a higher one, wait for a lane in vain, since all of them are used.</summary>
    public bool LacksLanes(LanePriority priority)
    {
        if (Queued == 0 || Running < options.Lanes)
        {
            return false;
        }

        for (LanePriority other = LanePriority.High; other <= priority; other++)
        {
            if (QueuedBy(other) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <exception cref="CallFault">The server stops.</exception>
    public void RefuseIfStopping()
    {
        if (_stopping.IsCancellationRequested)
        {
            throw CallFault.Stopping();
        }
    }

    /// <summary>Runs work on a lane.</summary>
    /// <param name="work">The work.</param>
    /// <param name="priority">The order among waiting work.</param>
    /// <param name="inline">Whether the caller goes on in the lane's thread, for a moment.</param>
    /// <param name="hasBegun">Whether the work has had a lane before, and is not to be refused.</param>
    /// <exception cref="CallFault">Too many calls wait for a lane.</exception>
    public async Task RunAsync(Action work, LanePriority priority, bool inline = false, bool hasBegun = false)
    {
        if (Interlocked.Increment(ref _queued) > options.MaxQueue && !hasBegun)
        {
            Interlocked.Decrement(ref _queued);
            throw CallFault.Limit("queue", $"{options.MaxQueue} calls wait for a lane, the server's limit", TimeSpan.FromSeconds(1));
        }

        Interlocked.Increment(ref _queuedBy[(int)priority]);
        using AwaitedWork lane = new(inline, () => Run(work, priority))
        {
            Priority = priority,
        };
        Lanes.Begin(lane);
        await lane.Ended;
        if (!lane.HasBegun)
        {
            LeaveQueue(priority);
        }

        if (lane.Failure is Exception failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Engines.Dispose();
        Telemetry.Dispose();
        _stopping.Dispose();
    }

    private void Run(Action work, LanePriority priority)
    {
        LeaveQueue(priority);
        Interlocked.Increment(ref _running);
        try
        {
            work();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void LeaveQueue(LanePriority priority)
    {
        Interlocked.Decrement(ref _queued);
        Interlocked.Decrement(ref _queuedBy[(int)priority]);
    }

    private sealed class AwaitedWork(bool inline, Action work) : LaneWork(blocks: false)
    {
        private readonly TaskCompletionSource _ended =
            new(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        protected override void Run() => work();

        protected override void OnEnd() => _ended.TrySetResult();
    }
}
