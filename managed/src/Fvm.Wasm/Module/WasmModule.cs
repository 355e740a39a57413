using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>
/// A decoded and validated module. Immutable. Function, global, table and memory indices are in the index spaces, imports first.
/// </summary>
public sealed class WasmModule
{
    /// <summary>The module's bytes, referenced by bodies and data segments.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The limits of the decoding, valid for the instances too.</summary>
    public required ModuleLimits Limits { get; init; }

    public required ImmutableArray<FunctionType> Types { get; init; }

    public required ImmutableArray<Import> Imports { get; init; }

    /// <summary>Type index per function of the index space.</summary>
    public required ImmutableArray<int> FunctionTypes { get; init; }

    /// <summary>Number of imported functions: the index of the first defined one.</summary>
    public required int ImportedFunctionCount { get; init; }

    /// <summary>Code of the defined functions, from function <see cref="ImportedFunctionCount"/> on.</summary>
    public required ImmutableArray<FunctionBody> Bodies { get; init; }

    /// <summary>At most one.</summary>
    public required ImmutableArray<Limits> Tables { get; init; }

    /// <summary>At most one.</summary>
    public required ImmutableArray<Limits> Memories { get; init; }

    public required ImmutableArray<Global> Globals { get; init; }

    /// <summary>Number of imported globals.</summary>
    public required int ImportedGlobalCount { get; init; }

    public required ImmutableArray<Export> Exports { get; init; }

    /// <summary>Index of the start function, or -1.</summary>
    public required int StartFunction { get; init; }

    public required ImmutableArray<ElementSegment> Elements { get; init; }

    public required ImmutableArray<DataSegment> Data { get; init; }

    /// <summary>Whether there is a data count section, required by bodies that refer to data segments.</summary>
    public required bool HasDataCount { get; init; }

    /// <summary>Number of functions in the index space.</summary>
    public int FunctionCount => FunctionTypes.Length;

    /// <summary>The signature of a function of the index space.</summary>
    public FunctionType TypeOf(int function) => Types[FunctionTypes[function]];

    /// <summary>Whether a function of the index space is imported.</summary>
    public bool IsImported(int function) => function < ImportedFunctionCount;

    /// <summary>The code of a defined function of the index space.</summary>
    public FunctionBody BodyOf(int function) => Bodies[function - ImportedFunctionCount];

    /// <summary>Finds an export by name and kind. A linear search: keep the index.</summary>
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
