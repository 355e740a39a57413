namespace Fvm.Ipld;

/// <summary>An entry of a KAMT.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value without leading zeros.</param>
internal readonly record struct KamtEntry(byte[] Key, byte[] Value);
