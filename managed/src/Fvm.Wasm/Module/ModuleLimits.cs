namespace Fvm.Wasm;

/// <summary>
/// Implementation limits of a module and its instances, supplied by the caller: the reference's choice, not rules of Wasm. Decoder,
/// metering and engines read them from <see cref="WasmModule.Limits"/>.
/// </summary>
public sealed record ModuleLimits
{
    /// <summary>Maximum of <see cref="InstancePages"/>: the largest region that engines have for a memory (512 MiB).</summary>
    public const uint MaxInstancePages = 8_192;

    public required int Types { get; init; }

    /// <summary>Functions, imported ones included.</summary>
    public required int Functions { get; init; }

    public required int Imports { get; init; }

    public required int Exports { get; init; }

    /// <summary>Globals, imported ones included.</summary>
    public required int Globals { get; init; }

    public required int ElementSegments { get; init; }

    public required int DataSegments { get; init; }

    /// <summary>Entries of one element segment.</summary>
    public required int TableEntries { get; init; }

    /// <summary>Parameters of one function type.</summary>
    public required int Parameters { get; init; }

    /// <summary>Results of one function type.</summary>
    public required int Results { get; init; }

    /// <summary>Parameters and declared locals of one function together.</summary>
    public required int Locals { get; init; }

    /// <summary>
    /// Total size of all imports and exports: a function counts one plus its parameters and results, anything else one.
    /// </summary>
    public required int TypeSize { get; init; }

    /// <summary>Targets of one <c>br_table</c>, without the default.</summary>
    public required uint BranchTargets { get; init; }

    /// <summary>Pages of an instance's memory, initially and after growth; at most <see cref="MaxInstancePages"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above the maximum.</exception>
    public required uint InstancePages
    {
        get;
        init => field = value <= MaxInstancePages
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"an engine holds at most {MaxInstancePages} pages");
    }

    /// <summary>Elements of an instance's table, initially and after growth.</summary>
    public required uint InstanceElements { get; init; }

    /// <summary>Bytes of an instance in the reference's layout, without memory and table.</summary>
    public required long InstanceBytes { get; init; }
}
