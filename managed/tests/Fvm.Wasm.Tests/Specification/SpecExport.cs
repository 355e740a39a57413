namespace Fvm.Wasm.Tests;

/// <summary>A function that a script's module may import.</summary>
internal sealed class SpecFunction(HostFunction declaration, SpecModule? owner, int index)
{
    public HostFunction Declaration => declaration;

    public SpecModule? Owner => owner;

    /// <summary>Calls it in its own instance; functions of the suite's host do nothing.</summary>
    public TrapCode Call(Span<ulong> slots) => owner is null ? TrapCode.None : owner.Call(index, slots);
}

/// <summary>Something that a script's module may import.</summary>
internal sealed record SpecExport(ExternalKind Kind)
{
    public SpecFunction? Function { get; init; }

    public GlobalType? Global { get; init; }

    public ulong GlobalValue { get; init; }

    public Limits? Limits { get; init; }

    /// <summary>The instance that it belongs to; null for the suite's host.</summary>
    public SpecModule? Owner { get; init; }

    /// <summary>Whether each importer may have a memory or table of its own, because nobody sees the difference.</summary>
    public bool Private { get; init; }
}
