namespace Fvm;

/// <summary>A key and a value of an event.</summary>
/// <param name="Flags">Which parts clients should index.</param>
/// <param name="Key">The key, UTF-8.</param>
/// <param name="Codec">The multicodec of the value.</param>
/// <param name="Value">The value's bytes.</param>
public readonly record struct EventEntry(EventFlags Flags, ReadOnlyMemory<byte> Key, ulong Codec, ReadOnlyMemory<byte> Value);
