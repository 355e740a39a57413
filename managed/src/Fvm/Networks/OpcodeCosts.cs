using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// The costs of Wasm instructions, from a price list (FIP-0032, FIP-0057; reference: <c>WasmGasPrices</c>). Jumps, arithmetic and all others cost
/// one instruction in every list; calls and single memory accesses cost nothing beyond that.
/// </summary>
internal static class OpcodeCosts
{
    public static MeteringRules Rules(PriceList prices, uint maxStackHeight, bool countsEachLocalAndTarget) => new()
    {
        InstructionDefault = prices[Price.Instruction].Milli,
        MathDefault = prices[Price.Instruction].Milli,
        JumpUnconditional = prices[Price.Instruction].Milli,
        JumpConditional = prices[Price.Instruction].Milli,
        JumpIndirect = prices[Price.Instruction].Milli,
        Call = 0,
        MemoryFillBase = 0,
        MemoryFillPerByte = prices[Price.MemoryFillPerByte].Milli,
        MemoryAccess = 0,
        MemoryCopyPerByte = prices[Price.MemoryCopyPerByte].Milli,
        CountsDefaultTarget = countsEachLocalAndTarget,
        CountsEachLocal = countsEachLocalAndTarget,
        MaxStackHeight = maxStackHeight,
    };
}
