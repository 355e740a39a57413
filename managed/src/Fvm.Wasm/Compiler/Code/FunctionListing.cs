namespace Fvm.Wasm;

/// <summary>The machine code of one function, for people to look at.</summary>
/// <param name="Address">Where the code runs.</param>
/// <param name="Code">The code.</param>
/// <param name="Instructions">
/// The Wasm instructions that can be reached, in their order. Code before the first is the prologue, code after the last the epilogue. What
/// one instruction does may be in the code of the next that uses it, or of the one before, where that sets a local at once.
/// </param>
/// <param name="Names">Names of places outside the function that its code refers to, by address.</param>
public sealed record FunctionListing(
    ulong Address, byte[] Code, IReadOnlyList<InstructionPlace> Instructions, IReadOnlyDictionary<ulong, string> Names);
