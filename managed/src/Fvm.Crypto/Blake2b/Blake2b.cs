namespace Fvm.Crypto;

/// <summary>
/// One-shot unkeyed BLAKE2b (RFC 7693, https://www.rfc-editor.org/rfc/rfc7693) with a digest of 1 to 64 bytes. The digest length is a
/// parameter of the function: a 20-byte digest is not a prefix of the 32-byte digest. Allocation-free.
/// </summary>
public static class Blake2b
{
    /// <summary>Length in bytes of <see cref="Hash256(ReadOnlySpan{byte}, Span{byte})"/>.</summary>
    public const int Size256 = 32;

    /// <summary>Length in bytes of <see cref="Hash512(ReadOnlySpan{byte}, Span{byte})"/>.</summary>
    public const int Size512 = 64;

    /// <summary>Writes BLAKE2b-256 of <paramref name="data"/> to the first 32 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public static void Hash256(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, Sized(digest, Size256));

    /// <summary>BLAKE2b-256 of <paramref name="data"/> as a new array of 32 bytes.</summary>
    public static byte[] Hash256(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Size256];
        Hash(data, digest);
        return digest;
    }

    /// <summary>Writes BLAKE2b-512 of <paramref name="data"/> to the first 64 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 64 bytes.</exception>
    public static void Hash512(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, Sized(digest, Size512));

    /// <summary>BLAKE2b-512 of <paramref name="data"/> as a new array of 64 bytes.</summary>
    public static byte[] Hash512(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Size512];
        Hash(data, digest);
        return digest;
    }

    /// <summary>
    /// Fills <paramref name="digest"/> with BLAKE2b of <paramref name="data"/>; the length of the span is the digest length (20 for the
    /// payload of an address, 4 for its checksum).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digest"/> is empty or longer than 64 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Blake2bHasher hasher = new(digest.Length);
        hasher.Update(data);
        hasher.Finish(digest);
    }

    private static Span<byte> Sized(Span<byte> digest, int size)
    {
        if (digest.Length < size)
        {
            throw new ArgumentException($"The digest needs {size} bytes.", nameof(digest));
        }

        return digest[..size];
    }
}
