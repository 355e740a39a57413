using Fvm.Hosting;

namespace Fvm.Sidecar;

/// <summary>What all sessions share: prepared actors, blocks, threads.</summary>
internal sealed class SharedParts(SidecarOptions options) : IDisposable
{
    private int _sessions;

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

    /// <exception cref="CallFault">There are too many.</exception>
    public void EnterSession()
    {
        if (Interlocked.Increment(ref _sessions) > options.MaxSessions)
        {
            LeaveSession();
            throw CallFault.Limit("sessions", $"the server has {options.MaxSessions} sessions, its limit");
        }
    }

    public void LeaveSession() => Interlocked.Decrement(ref _sessions);

    /// <inheritdoc/>
    public void Dispose()
    {
        Engines.Dispose();
        Share?.Dispose();
    }
}
