namespace Fvm.Wasm;

/// <summary>An entry of a <see cref="CodeCache"/>.</summary>
/// <param name="Key">Key in hexadecimal: a hash of the code, the engine's version and the processor's features, among others.</param>
/// <param name="Size">File size in bytes.</param>
/// <param name="LastUsed">Time of the last write or read.</param>
public sealed record CacheEntry(string Key, long Size, DateTime LastUsed);
