namespace Fvm.Wasm;

/// <summary>The limits of a memory (in pages of 65,536 bytes) or of a table (in elements).</summary>
public readonly record struct Limits(uint Minimum, uint? Maximum);
