namespace Fvm.Wasm;

/// <summary>
/// Gas that is charged before an instruction: <c>GasLeft -= Cost</c> in wrapping 64-bit arithmetic, then out of gas if the result is
/// negative. At a loop's first instruction it is charged in each turn; at the loop instruction itself once, before the loop is entered.
/// </summary>
/// <param name="Offset">Offset in the module of the instruction before which it is charged.</param>
/// <param name="Cost">
/// Milligas, never 0. Costs of 2^63 and more exist (many priced constants in one block) and count as negative, as in the reference.
/// </param>
public readonly record struct BlockCharge(int Offset, ulong Cost);
