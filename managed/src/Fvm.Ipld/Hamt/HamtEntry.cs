// Keys and values of HAMTs.
namespace Fvm.Ipld;

/// <summary>A key and its value.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="Value">The value: one item of CBOR, never empty.</param>
public readonly record struct HamtEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
