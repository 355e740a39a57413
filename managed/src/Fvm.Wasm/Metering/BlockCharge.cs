namespace Fvm.Wasm;

/// <summary>
/// Gas charged before an instruction: <c>GasLeft -= Cost</c> in wrapping 64-bit arithmetic, then out of gas if the result is negative.
/// At the first instruction of a loop it is charged per iteration; at the loop instruction itself once, before the loop is entered.
/// </summary>
/// <param name="Offset">Offset of the instruction in the module.</param>
/// <param name="Cost">
/// Milligas, never 0. Costs from 2^63 on are possible (many priced constants in one block) and count as negative, as in the reference.
/// </param>
public readonly record struct BlockCharge(int Offset, ulong Cost);
