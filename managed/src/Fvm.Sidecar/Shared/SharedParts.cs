using Fvm.Hosting;

namespace Fvm.Sidecar;

/// <summary>What all sessions share: prepared actors, blocks, threads.</summary>
internal sealed class SharedParts(SidecarOptions options) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private int _sessions;
    private int _queued;

    public SidecarOptions Options => options;

    public EnginePool Engines { get; } = new(new EnginePoolOptions
    {
        Engine = Wasm.WasmEngines.Names[0],
        Cache = options.Code,
        CompileAhead = true,
    });

    public SharedBlockCache Blocks { get; } = new(options.BlockCacheBytes);

    public BigStackPool Lanes { get; } = new(options.Lanes);

    public ProcessorShare? Share { get; } = ProcessorShare.For(options.Lanes, Environment.ProcessorCount);

    /// <summary>The number of open sessions.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>The number of calls that wait for a lane.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Set when the server stops: calls that run may end, others are refused.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins to stop.</summary>
    public void Stop() => _stopping.Cancel();

    /// <exception cref="CallFault">There are too many, or the server stops.</exception>
    public void EnterSession()
    {
        RefuseIfStopping();
        if (Interlocked.Increment(ref _sessions) > options.MaxSessions)
        {
            LeaveSession();
            throw CallFault.Limit("sessions", $"the server has {options.MaxSessions} sessions, its limit");
        }
    }

    public void LeaveSession() => Interlocked.Decrement(ref _sessions);

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
    /// <exception cref="CallFault">Too many calls wait for a lane.</exception>
    public async Task RunAsync(Action work, LanePriority priority)
    {
        if (Interlocked.Increment(ref _queued) > options.MaxQueue)
        {
            Interlocked.Decrement(ref _queued);
            throw CallFault.Limit("queue", $"{options.MaxQueue} calls wait for a lane, the server's limit", TimeSpan.FromSeconds(1));
        }

        using AwaitedWork lane = new(() =>
        {
            Interlocked.Decrement(ref _queued);
            work();
        })
        {
            Priority = priority,
        };
        Lanes.Begin(lane);
        await lane.Ended;
        if (!lane.HasBegun)
        {
            Interlocked.Decrement(ref _queued);
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
        Share?.Dispose();
        _stopping.Dispose();
    }

    private sealed class AwaitedWork(Action work) : LaneWork
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        protected override void Run() => work();

        protected override void OnEnd() => _ended.TrySetResult();
    }
}
