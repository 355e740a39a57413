using Fvm.Wasm.Interpreter;
using Fvm.Wasm.Module;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Compiler;

/// <summary>A module's code with the host functions that its imports are.</summary>
internal sealed class CompiledLinkedCode(CompiledCode code, HostTable host, int[] imports, ImportedState imported) : ILinkedCode
{
    public CompiledCode Code => code;

    public HostTable Host => host;

    /// <summary>For each imported function the host's number of it.</summary>
    public int[] Imports => imports;

    public ulong[] ImportedGlobals => imported.Globals;

    /// <summary>The memory's limits, where there is one.</summary>
    public Limits? Memory { get; } = imported.Memory ?? (code.Module.Memories.IsEmpty ? null : code.Module.Memories[0]);

    /// <summary>The table's limits, where there is one.</summary>
    public Limits? Table { get; } = imported.Table ?? (code.Module.Tables.IsEmpty ? null : code.Module.Tables[0]);

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure)
    {
        if (Memory is { Minimum: uint pages } &&
            (pages > LinearMemory.MaxPages || !limiter.TryGrowMemory(0, pages * LinearMemory.PageSize)))
        {
            failure = $"the initial memory of {pages} pages is not allowed";
            return null;
        }

        if (Table is { Minimum: uint elements } && (elements > InstanceLimits.MaxTableElements || !limiter.TryGrowTable(0, elements)))
        {
            failure = $"the initial table of {elements} elements is not allowed";
            return null;
        }

        failure = null;
        return new CompiledInstance(this, limiter);
    }
}
