namespace Fvm.Wasm;

/// <summary>Where the code of a Wasm instruction begins.</summary>
/// <param name="Position">Bytes from the start of the function's machine code.</param>
/// <param name="Offset">The instruction's offset in the module.</param>
public readonly record struct InstructionPlace(int Position, int Offset);
