namespace Fvm.Ipld;

/// <summary>A key with different values in two KAMTs.</summary>
/// <param name="Key">The key.</param>
/// <param name="Before">The value in the first; null if it does not have the key.</param>
/// <param name="After">The value in the second; null if it does not have the key.</param>
public readonly record struct KamtDifference(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After);
