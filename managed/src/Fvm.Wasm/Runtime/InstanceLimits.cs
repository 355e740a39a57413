using Fvm.Wasm.Module;

namespace Fvm.Wasm.Runtime;

/// <summary>What no instance may start with. The reference's pooling allocator refuses such modules when they are loaded.</summary>
internal static class InstanceLimits
{
    public const uint MaxTableElements = 20_000;

    /// <exception cref="InvalidModuleException">The memory or the table is too large from the start.</exception>
    public static void Check(WasmModule module)
    {
        foreach (Limits memory in module.Memories)
        {
            if (memory.Minimum > LinearMemory.MaxPages)
            {
                throw new InvalidModuleException($"memory starts with more than {LinearMemory.MaxPages} pages", "memory", 0);
            }
        }

        foreach (Limits table in module.Tables)
        {
            if (table.Minimum > MaxTableElements)
            {
                throw new InvalidModuleException($"table starts with more than {MaxTableElements} elements", "table", 0);
            }
        }
    }
}
