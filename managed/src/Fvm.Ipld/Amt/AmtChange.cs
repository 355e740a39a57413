namespace Fvm.Ipld;

/// <summary>An index whose value differs between two AMTs.</summary>
/// <param name="Index">The index.</param>
/// <param name="Before">The value before; null if there was none.</param>
/// <param name="After">The value after; null if there is none.</param>
public readonly record struct AmtChange(ulong Index, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After);
