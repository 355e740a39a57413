namespace Fvm.Sidecar;

/// <summary>What a client answered to guesses: null, or false, for what it did not answer.</summary>
/// <param name="Blocks">The blocks, null for missing ones.</param>
/// <param name="Exist">Which blocks exist.</param>
/// <param name="IsStored">Whether the block was stored.</param>
internal readonly record struct GatheredAnswers(byte[]?[]? Blocks, bool[]? Exist, bool IsStored);
