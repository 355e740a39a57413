namespace Fvm.Ipld;

/// <summary>An index and its value.</summary>
/// <param name="Index">The index, at most <see cref="Amt.MaxIndex"/>.</param>
/// <param name="Value">The value: one CBOR item, never empty.</param>
public readonly record struct AmtEntry(ulong Index, ReadOnlyMemory<byte> Value);
