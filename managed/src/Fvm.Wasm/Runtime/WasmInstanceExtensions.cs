namespace Fvm.Wasm;

/// <summary>Safe access to what an instance shares with its host.</summary>
public static class WasmInstanceExtensions
{
    /// <summary>The instance's shared state. The reference is valid until the instance is disposed of.</summary>
    public static unsafe ref InstanceContext State(this IWasmInstance instance) => ref *instance.Context;
}
