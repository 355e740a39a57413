namespace Fvm.Wasm;

/// <summary>
/// Gas that depends on an instruction's topmost operand n (an i32 taken as unsigned): <c>GasLeft -= n * UnitCost</c>, then out of gas if
/// the result is negative. It comes after a <see cref="BlockCharge"/> at the same instruction and before the instruction does anything.
/// </summary>
/// <param name="Offset">Offset in the module of the instruction: memory.grow, .fill, .copy, .init or table.grow, .fill, .copy, .init.</param>
/// <param name="UnitCost">Milligas a unit, from 1 to 2^31 - 1, so the product stays below 2^63.</param>
public readonly record struct LinearCharge(int Offset, uint UnitCost);
