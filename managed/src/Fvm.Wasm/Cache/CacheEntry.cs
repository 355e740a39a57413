namespace Fvm.Wasm;

/// <summary>An entry of a <see cref="CodeCache"/>.</summary>
/// <param name="Key">Hexadecimal digits that depend on the code, the engine's version and the processor.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="LastUsed">Time of the last write or read.</param>
public sealed record CacheEntry(string Key, long Size, DateTime LastUsed);
