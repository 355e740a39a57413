namespace Fvm.Wasm;

/// <summary>A module's code with the host functions that its imports are.</summary>
internal sealed class InterpreterLinkedCode(InterpreterCode code, HostTable host, ImportEntry[] imports, ImportedState imported) : ILinkedCode
{
    public InterpreterCode Code => code;

    public HostTable Host => host;

    public ImportEntry[] Imports => imports;

    public ulong[] ImportedGlobals => imported.Globals;

    /// <summary>How large memory and table are and may become.</summary>
    public InstanceResources Resources { get; } = InstanceResources.Of(code.Module, imported);

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure) =>
        Resources.AllowsInitial(limiter, out failure) ? new InterpreterInstance(this, limiter) : null;
}
