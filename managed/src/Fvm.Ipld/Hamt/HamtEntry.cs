namespace Fvm.Ipld;

/// <summary>A key and its value.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="Value">The value: one CBOR item, never empty.</param>
public readonly record struct HamtEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
