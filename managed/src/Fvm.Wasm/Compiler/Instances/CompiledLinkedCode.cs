using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>Code linked to the host functions it imports.</summary>
internal sealed class CompiledLinkedCode(CompiledCode code, HostTable host, int[] imports, ImportedState imported) : ILinkedCode
{
    private readonly ConcurrentBag<PooledInstance> _idle = [];
    private readonly Lazy<CompiledLinkedCode> _checked = new(() => code.Checked.LinkResolved(host, imports, imported));
    private int _idleCount;

    /// <summary>Maximum number of idle instances per linked code: the maximum depth of nested calls.</summary>
    private const int MaxIdle = 1024;

    public CompiledCode Code => code;

    /// <summary>The initial memory and table of instances; null also if they import one, whose limits may differ.</summary>
    public MemoryImage? Image { get; } = imported == ImportedState.None ? code.Image : null;

    public HostTable Host => host;

    /// <summary>Host function index per imported function.</summary>
    public int[] Imports => imports;

    public ulong[] ImportedGlobals => imported.Globals;

    /// <summary>Initial and maximum sizes of memory and table.</summary>
    public InstanceResources Resources { get; } = InstanceResources.Of(code.Module, imported);

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure)
    {
        return Resources.AllowsInitial(limiter, out failure) ? Make(limiter) : null;
    }

    private CompiledInstance Make(IResourceLimiter limiter)
    {
        bool isGuarded = code.Segment.NeedsGuard && Resources.Memory is not null;
        if (isGuarded && code.Segment.Guard is not { Work: true })
        {
            return MakeChecked(limiter);
        }

        if (_idle.TryTake(out PooledInstance? body))
        {
            Interlocked.Decrement(ref _idleCount);
            code.Idle.Remove(body.Idle);
            body.Use(limiter);
        }
        else if (isGuarded)
        {
            PooledMemory? memory = PooledMemory.TryGuard(code.Segment.Guard!, code.Pools, code.Pages, Image, Resources.Memory!.Value.Minimum);
            if (memory is null)
            {
                return MakeChecked(limiter);
            }

            body = new PooledInstance(this, limiter, memory);
        }
        else
        {
            body = new PooledInstance(this, limiter);
        }

        return new CompiledInstance(this, body);
    }

    /// <summary>Makes an instance of the code with bounds checks, where guard pages cannot be had at present.</summary>
    private CompiledInstance MakeChecked(IResourceLimiter limiter) => _checked.Value.Make(limiter);

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
