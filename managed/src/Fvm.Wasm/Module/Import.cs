namespace Fvm.Wasm;

/// <summary>An import. Of type index, limits and global type only the one for <paramref name="Kind"/> has a meaning.</summary>
/// <param name="Module">The module name.</param>
/// <param name="Name">The field name.</param>
/// <param name="Kind">The kind of the import.</param>
/// <param name="TypeIndex">A function's index in <see cref="WasmModule.Types"/>.</param>
/// <param name="Limits">A memory's or table's limits.</param>
/// <param name="Global">A global's type.</param>
public sealed record Import(string Module, string Name, ExternalKind Kind, int TypeIndex, Limits Limits, GlobalType Global);
