using System.Runtime.InteropServices;
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>
/// A digest of 32 bytes as four words, in memory order; a separate struct, because only one without references has sequential layout.
/// </summary>
/// <param name="bytes">The digest.</param>
// Sound: reads are checked against the span's length.
internal readonly struct ShortDigest(ReadOnlySpan<byte> bytes) : IEquatable<ShortDigest>
{
    public readonly ulong A = MemoryMarshal.Read<ulong>(bytes);
    public readonly ulong B = MemoryMarshal.Read<ulong>(bytes[8..]);
    public readonly ulong C = MemoryMarshal.Read<ulong>(bytes[16..]);
    public readonly ulong D = MemoryMarshal.Read<ulong>(bytes[24..]);

    /// <inheritdoc/>
    public bool Equals(ShortDigest other) => ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ShortDigest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash(0);

    /// <summary>A hash under the process's random keys: collisions cannot be constructed by whoever chooses digests.</summary>
    /// <param name="more">A further word to hash.</param>
    public ulong Hash(ulong more) =>
        KeyedHash.Mix(A ^ KeyedHash.First, B ^ KeyedHash.Second) ^ KeyedHash.Mix(C ^ KeyedHash.Third, D ^ more ^ KeyedHash.Fourth);
}
