// Streaming SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4), by the runtime's implementation.
using System.Security.Cryptography;

namespace Fvm.Crypto;

/// <summary>SHA-256 over data that comes in pieces. Holds a native handle: dispose it.</summary>
public sealed class Sha256Hasher : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Appends <paramref name="data"/> to the message.</summary>
    public void Update(ReadOnlySpan<byte> data) => _hash.AppendData(data);

    /// <summary>Writes the digest to the first 32 bytes of <paramref name="digest"/>; the hasher then starts again from nothing.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public void Finish(Span<byte> digest) => _ = _hash.GetHashAndReset(digest);

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
