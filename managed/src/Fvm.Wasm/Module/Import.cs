namespace Fvm.Wasm;

/// <summary>An import. Of the last four only the one that <paramref name="Kind"/> names has a meaning.</summary>
/// <param name="Module">The module name.</param>
/// <param name="Name">The field name.</param>
/// <param name="Kind">What is imported.</param>
/// <param name="TypeIndex">A function's index in <see cref="WasmModule.Types"/>.</param>
/// <param name="Limits">A memory's or table's limits.</param>
/// <param name="Global">A global's type.</param>
public sealed record Import(string Module, string Name, ExternalKind Kind, int TypeIndex, Limits Limits, GlobalType Global);
