using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>A module's code with the host functions that its imports are.</summary>
internal sealed class CompiledLinkedCode(CompiledCode code, HostTable host, int[] imports, ImportedState imported) : ILinkedCode
{
    private readonly ConcurrentBag<PooledInstance> _idle = [];
    private int _idleCount;

    /// <summary>Bodies of one code that wait to be used again: as many as the deepest chain of calls holds at once.</summary>
    private const int MaxIdle = 1024;

    public CompiledCode Code => code;

    /// <summary>Whether instances begin with the code's image: not if they import a memory or table of other limits.</summary>
    public bool UsesImage { get; } = imported == ImportedState.None;

    public HostTable Host => host;

    /// <summary>For each imported function the host's number of it.</summary>
    public int[] Imports => imports;

    public ulong[] ImportedGlobals => imported.Globals;

    /// <summary>How large memory and table are and may become.</summary>
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

    /// <summary>Takes back the body of an instance that is no more.</summary>
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

    /// <summary>Frees the bodies that wait to be used again.</summary>
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
