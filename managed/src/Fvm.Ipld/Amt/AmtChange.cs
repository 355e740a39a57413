// Differences of AMTs.
namespace Fvm.Ipld;

/// <summary>An index whose value differs between two AMTs.</summary>
/// <param name="Index">The index.</param>
/// <param name="Before">The value before, or null when the index was empty.</param>
/// <param name="After">The value after, or null when the index is empty.</param>
public readonly record struct AmtChange(ulong Index, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After);
