namespace Fvm.Wasm;

/// <summary>An instance of compiled code; holds a <see cref="PooledInstance"/> until it is disposed of.</summary>
internal sealed class CompiledInstance(CompiledLinkedCode linked, PooledInstance body) : IWasmInstance
{
    private PooledInstance? _body = body;

    /// <inheritdoc/>
    // Sound: the pooled instance owns the context, which is read only while this object holds the pooled instance.
    public unsafe InstanceContext* Context => Body.Context;

    private PooledInstance Body => _body ?? throw new ObjectDisposedException(nameof(CompiledInstance));

    /// <inheritdoc/>
    public TrapCode Initialize() => Body.Initialize();

    /// <inheritdoc/>
    public TrapCode Call(int functionIndex, Span<ulong> slots) => Body.Call(functionIndex, slots);

    /// <inheritdoc/>
    // Sound: the context is there while this object holds the pooled instance, and the caller does not let it go meanwhile.
    public unsafe void Stop() => Volatile.Write(ref Body.Context->IsStopped, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        PooledInstance? given = Interlocked.Exchange(ref _body, null);
        if (given is not null)
        {
            linked.Return(given);
        }
    }
}
