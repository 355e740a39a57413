using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>
/// A module as Wasmtime gets it: with the reference's metering, under names of the engine's own, without its start function (which the engine
/// calls), and with the host's veto on growth.
/// </summary>
/// <param name="Bytes">The module in the binary format.</param>
/// <param name="Imports">The functions it imports, by number: those of the original, then the vetoes.</param>
/// <param name="Exports">Where its exports are.</param>
internal sealed record InstrumentedModule(byte[] Bytes, ImportedFunction[] Imports, ExportPositions Exports)
{
    /// <summary>The module name of all imports; the field name is the import's number.</summary>
    public const string ImportModule = "";
}

/// <summary>A function that an instrumented module imports.</summary>
/// <param name="Type">Its type.</param>
/// <param name="TypeIndex">The type's index.</param>
/// <param name="Purpose">What it does.</param>
internal sealed record ImportedFunction(FunctionType Type, int TypeIndex, ImportPurpose Purpose);

/// <summary>What an imported function does.</summary>
internal enum ImportPurpose
{
    /// <summary>It is a function of the host.</summary>
    Host,

    /// <summary>It takes the operand of <c>memory.grow</c>, and returns it, or -1 if the memory must not grow by so much.</summary>
    MayGrowMemory,

    /// <summary>The same for <c>table.grow</c>.</summary>
    MayGrowTable,
}

/// <summary>Positions of an instrumented module's exports; <see cref="None"/> for what it does not have.</summary>
internal sealed class ExportPositions
{
    public const int None = -1;

    public int Gas { get; set; } = None;

    public int Height { get; set; } = None;

    public int Memory { get; set; } = None;

    /// <summary>The first global; the others follow. None where nobody observes them.</summary>
    public int Globals { get; set; } = None;

    /// <summary>By function of the original's index space: those it exports, and its start function.</summary>
    public Dictionary<int, int> Functions { get; } = [];
}
