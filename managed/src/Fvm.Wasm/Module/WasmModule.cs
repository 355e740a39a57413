using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>
/// A decoded and validated module. Immutable. Function, global, table and memory indices are those of the index spaces: imports first.
/// </summary>
public sealed class WasmModule
{
    /// <summary>The module's bytes, which bodies and data segments point into.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The limits within which it was decoded, and which hold for its instances.</summary>
    public required ModuleLimits Limits { get; init; }

    public required ImmutableArray<FunctionType> Types { get; init; }

    public required ImmutableArray<Import> Imports { get; init; }

    /// <summary>For each function of the index space the index of its type.</summary>
    public required ImmutableArray<int> FunctionTypes { get; init; }

    /// <summary>How many functions are imported: index of the first defined one.</summary>
    public required int ImportedFunctionCount { get; init; }

    /// <summary>Code of the defined functions; the first belongs to function <see cref="ImportedFunctionCount"/>.</summary>
    public required ImmutableArray<FunctionBody> Bodies { get; init; }

    /// <summary>At most one.</summary>
    public required ImmutableArray<Limits> Tables { get; init; }

    /// <summary>At most one.</summary>
    public required ImmutableArray<Limits> Memories { get; init; }

    public required ImmutableArray<Global> Globals { get; init; }

    /// <summary>How many globals are imported.</summary>
    public required int ImportedGlobalCount { get; init; }

    public required ImmutableArray<Export> Exports { get; init; }

    /// <summary>The function that instantiation runs, or -1.</summary>
    public required int StartFunction { get; init; }

    public required ImmutableArray<ElementSegment> Elements { get; init; }

    public required ImmutableArray<DataSegment> Data { get; init; }

    /// <summary>Whether there is a data count section, which bodies need that name data segments.</summary>
    public required bool HasDataCount { get; init; }

    /// <summary>Functions in the index space.</summary>
    public int FunctionCount => FunctionTypes.Length;

    /// <summary>The signature of a function of the index space.</summary>
    public FunctionType TypeOf(int function) => Types[FunctionTypes[function]];

    /// <summary>Whether a function of the index space is imported.</summary>
    public bool IsImported(int function) => function < ImportedFunctionCount;

    /// <summary>The code of a defined function of the index space.</summary>
    public FunctionBody BodyOf(int function) => Bodies[function - ImportedFunctionCount];

    /// <summary>Finds an export by name and kind. Linear: look up once and keep the index.</summary>
    public bool TryFindExport(string name, ExternalKind kind, out int index)
    {
        foreach (Export export in Exports)
        {
            if (export.Kind == kind && export.Name == name)
            {
                index = export.Index;
                return true;
            }
        }

        index = -1;
        return false;
    }
}
