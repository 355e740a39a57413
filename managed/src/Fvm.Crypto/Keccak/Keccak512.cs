namespace Fvm.Crypto;

/// <summary>
/// One-shot Keccak-512 (The Keccak reference 3.0, https://keccak.team/files/Keccak-reference-3.0.pdf) with the original padding, not that
/// of SHA-3 (Ethereum's variant).
/// </summary>
internal static class Keccak512
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 64;

    /// <summary>Writes the digest of <paramref name="data"/> to the first 64 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 64 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        KeccakHasher hasher = Start();
        hasher.Update(data);
        hasher.Finish(digest);
    }

    /// <summary>The digest of <paramref name="data"/> as a new array of 64 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Size];
        Hash(data, digest);
        return digest;
    }

    /// <summary>Starts a streaming hash.</summary>
    public static KeccakHasher Start() => new(Size);
}
