namespace Fvm.Wasm;

/// <summary>
/// How much a module and its instances may have: data from the caller, for it is the reference's choice and no rule of Wasm. Decoder,
/// metering and engines take it from <see cref="WasmModule.Limits"/>.
/// </summary>
public sealed record ModuleLimits
{
    /// <summary>The largest <see cref="InstancePages"/>: engines have no regions for larger memories (512 MiB).</summary>
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
    /// The sum of the sizes of all imports and exports, where a function counts one and its parameters and results, and anything else one.
    /// </summary>
    public required int TypeSize { get; init; }

    /// <summary>Targets of one <c>br_table</c>, without the default.</summary>
    public required uint BranchTargets { get; init; }

    /// <summary>Pages of an instance's memory, at the start and after growth; at most <see cref="MaxInstancePages"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more.</exception>
    public required uint InstancePages
    {
        get;
        init => field = value <= MaxInstancePages
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"an engine holds at most {MaxInstancePages} pages");
    }

    /// <summary>Elements of an instance's table, at the start and after growth.</summary>
    public required uint InstanceElements { get; init; }

    /// <summary>Bytes of an instance as the reference lays it out, without memory and table.</summary>
    public required long InstanceBytes { get; init; }
}
