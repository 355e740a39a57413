namespace Fvm.Wasm;

/// <summary>The position of a Wasm instruction's machine code.</summary>
/// <param name="Position">Bytes from the start of the function's machine code.</param>
/// <param name="Offset">Byte offset of the instruction in the module.</param>
public readonly record struct InstructionPlace(int Position, int Offset);
