namespace Fvm.Wasm;

/// <summary>Safe access to what an instance shares with its host.</summary>
public static class WasmInstanceExtensions
{
    /// <summary>The instance's shared state. The reference is valid until the instance is disposed of.</summary>
    // Sound: the context is at a fixed address until the instance is disposed of, and so is the reference valid.
    public static unsafe ref InstanceContext State(this IWasmInstance instance) => ref *instance.Context;
}
