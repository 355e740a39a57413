namespace Fvm.Wasm;

/// <summary>
/// An initialiser: a constant, or the value of an imported global. In this feature set it is one instruction.
/// </summary>
/// <param name="Opcode">A constant, <c>global.get</c>, <c>ref.null</c> or <c>ref.func</c>.</param>
/// <param name="Bits">The constant's bits (i32 and f32 in the low half, zero-extended), or the global's or function's index.</param>
public readonly record struct ConstantExpression(Opcode Opcode, ulong Bits);
