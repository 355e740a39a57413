using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// Size limits of modules and instances, the same at all network versions. Sources: wasmparser 0.236 (<c>limits.rs</c>), which the reference
/// validates with; the configuration of wasmtime's pooling allocator in <c>fvm/src/engine/mod.rs</c> (512 MiB per memory, 20,000 elements per
/// table, 1 MiB per instance); Cranelift's bound on jump tables.
/// </summary>
internal static class ReferenceLimits
{
    public static ModuleLimits Modules { get; } = new()
    {
        Types = 1_000_000,
        Functions = 1_000_000,
        Imports = 1_000_000,
        Exports = 1_000_000,
        Globals = 1_000_000,
        ElementSegments = 100_000,
        DataSegments = 100_000,
        TableEntries = 10_000_000,
        Parameters = 1_000,
        Results = 1_000,
        Locals = 50_000,
        TypeSize = 1_000_000,
        BranchTargets = 65_520,
        InstancePages = 8_192,
        InstanceElements = 20_000,
        InstanceBytes = 1 << 20,
    };
}
