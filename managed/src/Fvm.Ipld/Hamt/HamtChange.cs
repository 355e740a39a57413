// Differences of HAMTs.
namespace Fvm.Ipld;

/// <summary>A key whose value differs between two HAMTs.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="Before">The value before, or null when the key was not there.</param>
/// <param name="After">The value after, or null when the key is gone.</param>
public readonly record struct HamtChange(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After);
