using Fvm.Wasm.Module;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Interpreter;

/// <summary>A module's code with the host functions that its imports are.</summary>
internal sealed class InterpreterLinkedCode(InterpreterCode code, HostTable host, ImportEntry[] imports, ulong[] importedGlobals) : ILinkedCode
{
    public InterpreterCode Code => code;

    public HostTable Host => host;

    public ImportEntry[] Imports => imports;

    public ulong[] ImportedGlobals => importedGlobals;

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure)
    {
        WasmModule module = code.Module;
        if (!module.Memories.IsEmpty)
        {
            ulong pages = module.Memories[0].Minimum;
            if (pages > LinearMemory.MaxPages || !limiter.TryGrowMemory(0, pages * LinearMemory.PageSize))
            {
                failure = $"the initial memory of {pages} pages is not allowed";
                return null;
            }
        }

        if (!module.Tables.IsEmpty)
        {
            uint elements = module.Tables[0].Minimum;
            if (elements > InstanceLimits.MaxTableElements || !limiter.TryGrowTable(0, elements))
            {
                failure = $"the initial table of {elements} elements is not allowed";
                return null;
            }
        }

        failure = null;
        return new InterpreterInstance(this, limiter);
    }
}
