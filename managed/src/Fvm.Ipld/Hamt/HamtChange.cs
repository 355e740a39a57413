namespace Fvm.Ipld;

/// <summary>A key whose value differs between two HAMTs.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="Before">The value before; null if there was none.</param>
/// <param name="After">The value after; null if there is none.</param>
public readonly record struct HamtChange(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After);
