using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>What calls of the host need of an instance, at a fixed address: the data of its store.</summary>
// Sound: declares only; the instance allocates it together with the context, and frees both after the store.
internal unsafe struct InstanceState
{
    public InstanceContext* Context;

    /// <summary>A handle of the instance.</summary>
    public nint Owner;

    /// <summary>The counter of gas, if the module has one.</summary>
    public GlobalHandle Gas;

    public MemoryHandle Memory;

    public bool IsMetered;

    /// <summary>Whether the memory has grown since the context was last set.</summary>
    public bool HasGrown;
}
