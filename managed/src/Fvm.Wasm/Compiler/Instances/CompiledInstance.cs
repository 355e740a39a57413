namespace Fvm.Wasm;

/// <summary>An instance of compiled code, which has a body while it lives.</summary>
internal sealed class CompiledInstance(CompiledLinkedCode linked, PooledInstance body) : IWasmInstance
{
    private PooledInstance? _body = body;

    /// <inheritdoc/>
    // Sound: the body owns the context, and is asked for it only while this instance has it.
    public unsafe InstanceContext* Context => Body.Context;

    private PooledInstance Body => _body ?? throw new ObjectDisposedException(nameof(CompiledInstance));

    /// <inheritdoc/>
    public TrapCode Initialize() => Body.Initialize();

    /// <inheritdoc/>
    public TrapCode Call(int functionIndex, Span<ulong> slots) => Body.Call(functionIndex, slots);

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
