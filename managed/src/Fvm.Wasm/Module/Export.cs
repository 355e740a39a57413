namespace Fvm.Wasm;

/// <summary>An export: <paramref name="Index"/> is in the index space of <paramref name="Kind"/>.</summary>
public sealed record Export(string Name, ExternalKind Kind, int Index);
