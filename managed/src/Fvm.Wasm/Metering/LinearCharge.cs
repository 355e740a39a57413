namespace Fvm.Wasm;

/// <summary>
/// Gas in proportion to an instruction's topmost operand n (an unsigned i32): <c>GasLeft -= n * UnitCost</c>, then out of gas if the
/// result is negative. Charged after a <see cref="BlockCharge"/> at the same instruction, and before any effect of the instruction.
/// </summary>
/// <param name="Offset">Offset in the module of the instruction: memory.grow, .fill, .copy, .init or table.grow, .fill, .copy, .init.</param>
/// <param name="UnitCost">Milligas per unit, from 1 to 2^31 - 1, so that the product stays below 2^63.</param>
public readonly record struct LinearCharge(int Offset, uint UnitCost);
