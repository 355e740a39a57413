// One-shot SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4), by the runtime's implementation.
using System.Security.Cryptography;

namespace Fvm.Crypto;

/// <summary>SHA-256 of a whole message, in the shape of the other hashes here.</summary>
public static class Sha256
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 32;

    /// <summary>Writes the digest of <paramref name="data"/> to the first 32 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest) => SHA256.HashData(data, digest);

    /// <summary>The digest of <paramref name="data"/> as a new array of 32 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data) => SHA256.HashData(data);
}
