namespace Fvm.Wasm;

/// <summary>A module's code linked to the host functions it imports.</summary>
internal sealed class InterpreterLinkedCode(InterpreterCode code, HostTable host, ImportEntry[] imports, ImportedState imported) : ILinkedCode
{
    public InterpreterCode Code => code;

    public HostTable Host => host;

    public ImportEntry[] Imports => imports;

    public ulong[] ImportedGlobals => imported.Globals;

    /// <summary>Limits of memory and table.</summary>
    public InstanceResources Resources { get; } = InstanceResources.Of(code.Module, imported);

    /// <inheritdoc/>
    public IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure) =>
        Resources.AllowsInitial(limiter, out failure) ? new InterpreterInstance(this, limiter) : null;
}
