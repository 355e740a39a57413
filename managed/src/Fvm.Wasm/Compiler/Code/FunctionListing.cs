namespace Fvm.Wasm;

/// <summary>A listing of one function's machine code.</summary>
/// <param name="Address">Address of the code in memory.</param>
/// <param name="Code">The machine code.</param>
/// <param name="Instructions">
/// The reachable Wasm instructions, in order. Code before the first is the prologue, code after the last the epilogue. The code of an
/// instruction may be part of a later one that uses its result, or of the previous one if a <c>local.set</c> is merged into it.
/// </param>
/// <param name="Names">Symbols outside the function to which its code refers, by address.</param>
public sealed record FunctionListing(
    ulong Address, byte[] Code, IReadOnlyList<InstructionPlace> Instructions, IReadOnlyDictionary<ulong, string> Names);
