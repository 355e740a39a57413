namespace Fvm.Wasm;

/// <summary>
/// A constant expression (initialiser): in this feature set one instruction, a constant or the value of an imported global.
/// </summary>
/// <param name="Opcode">A constant, <c>global.get</c>, <c>ref.null</c> or <c>ref.func</c>.</param>
/// <param name="Bits">The constant's bits (i32 and f32 in the low half, zero-extended), or the global's or function's index.</param>
public readonly record struct ConstantExpression(Opcode Opcode, ulong Bits);
