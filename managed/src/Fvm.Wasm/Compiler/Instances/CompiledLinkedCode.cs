using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>Code linked to the host functions it imports.</summary>
internal sealed class CompiledLinkedCode(CompiledCode code, HostTable host, int[] imports, ImportedState imported) : ILinkedCode
{
    private readonly ConcurrentBag<PooledInstance> _idle = [];
    private int _idleCount;

    /// <summary>Maximum number of idle instances per linked code: the maximum depth of nested calls.</summary>
    private const int MaxIdle = 1024;

    public CompiledCode Code => code;

    /// <summary>Whether instances start from the code's memory image: false if they import a memory or table, whose limits may differ.</summary>
    public bool UsesImage { get; } = imported == ImportedState.None;

    public HostTable Host => host;

    /// <summary>Host function index per imported function.</summary>
    public int[] Imports => imports;

    public ulong[] ImportedGlobals => imported.Globals;

    /// <summary>Initial and maximum sizes of memory and table.</summary>
    public InstanceResources Resources { get; } = InstanceResources.Of(code.Module, imported);

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure)
    {
        if (!Resources.AllowsInitial(limiter, out failure))
        {
            return null;
        }

        if (_idle.TryTake(out PooledInstance? body))
        {
            Interlocked.Decrement(ref _idleCount);
            code.Idle.Remove(body.Idle);
            body.Use(limiter);
        }
        else
        {
            body = new PooledInstance(this, limiter);
        }

        return new CompiledInstance(this, body);
    }

    /// <summary>Returns a pooled instance to the pool, or frees it if it cannot be restored or exceeds the limits.</summary>
    public void Return(PooledInstance body)
    {
        if (!code.IsDisposed && Volatile.Read(ref _idleCount) < MaxIdle && body.TryRestore() && code.Idle.TryAdd(body.Idle))
        {
            Interlocked.Increment(ref _idleCount);
            _idle.Add(body);
        }
        else
        {
            body.Dispose();
        }
    }

    /// <summary>Frees all idle instances.</summary>
    public void Clear()
    {
        while (_idle.TryTake(out PooledInstance? body))
        {
            Interlocked.Decrement(ref _idleCount);
            code.Idle.Remove(body.Idle);
            body.Dispose();
        }
    }
}
