namespace Fvm.Wasm.Tests;

/// <summary>A function available for import by a script's modules.</summary>
internal sealed class SpecFunction(HostFunction declaration, SpecModule? owner, int index)
{
    public HostFunction Declaration => declaration;

    public SpecModule? Owner => owner;

    /// <summary>Calls the function in its own instance; functions of the suite's host do nothing.</summary>
    public TrapCode Call(Span<ulong> slots) => owner is null ? TrapCode.None : owner.Call(index, slots);
}

/// <summary>An export available for import by a script's modules.</summary>
internal sealed record SpecExport(ExternalKind Kind)
{
    public SpecFunction? Function { get; init; }

    public GlobalType? Global { get; init; }

    public ulong GlobalValue { get; init; }

    public Limits? Limits { get; init; }

    /// <summary>The exporting instance; null for the suite's host.</summary>
    public SpecModule? Owner { get; init; }

    /// <summary>Whether each importer may have its own copy of the memory or table, because the difference is not observable.</summary>
    public bool Private { get; init; }
}
