namespace Fvm.Wasm;

/// <summary>
/// Instruction prices in milligas, and the limit of the stack height, supplied by the caller. The fields are those of the reference's
/// <c>WasmGasPrices</c> (FIP-0032, FIP-0057).
/// </summary>
public sealed record MeteringRules
{
    /// <summary>Any instruction without another price.</summary>
    public required ulong InstructionDefault { get; init; }

    /// <summary>Arithmetic, comparison, bitwise and conversion instructions.</summary>
    public required ulong MathDefault { get; init; }

    public required ulong JumpUnconditional { get; init; }

    public required ulong JumpConditional { get; init; }

    public required ulong JumpIndirect { get; init; }

    /// <summary>A call, without its jump.</summary>
    public required ulong Call { get; init; }

    public required ulong MemoryFillBase { get; init; }

    public required ulong MemoryFillPerByte { get; init; }

    public required ulong MemoryAccess { get; init; }

    public required ulong MemoryCopyPerByte { get; init; }

    /// <summary>
    /// Whether the default target of <c>br_table</c> counts as a branch like the others. True up to fvm-wasm-instrument 0.2; later versions
    /// leave it out, which decides where metered blocks end.
    /// </summary>
    public bool CountsDefaultTarget { get; init; }

    /// <summary>
    /// Whether each local counts towards a function's stack height. True up to fvm-wasm-instrument 0.2; in later versions a group of locals
    /// of one type counts as one.
    /// </summary>
    public bool CountsEachLocal { get; init; }

    /// <summary>The stack limiter's limit, in its own units (values).</summary>
    public required uint MaxStackHeight { get; init; }
}
