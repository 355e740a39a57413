namespace Fvm.Wasm;

/// <summary>
/// What instructions cost and how high the stack may go: data from the caller. Costs are in milligas.
/// The fields are those of the reference's <c>WasmGasPrices</c> (FIP-0032, FIP-0057).
/// </summary>
public sealed record MeteringRules
{
    /// <summary>Any instruction that is not priced otherwise.</summary>
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
    /// The default target of <c>br_table</c> counts as a branch, like the others. So it was up to fvm-wasm-instrument 0.2; since then it is
    /// left out, which decides where metered blocks end.
    /// </summary>
    public bool CountsDefaultTarget { get; init; }

    /// <summary>
    /// Each local counts towards a function's stack height. So it was up to fvm-wasm-instrument 0.2; since then a group of locals of one
    /// type counts as one.
    /// </summary>
    public bool CountsEachLocal { get; init; }

    /// <summary>The stack limiter's limit, in its own units (values).</summary>
    public required uint MaxStackHeight { get; init; }
}
