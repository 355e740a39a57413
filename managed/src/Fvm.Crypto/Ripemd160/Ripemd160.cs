namespace Fvm.Crypto;

/// <summary>One-shot RIPEMD-160 (https://homes.esat.kuleuven.be/~bosselae/ripemd160.html).</summary>
public static class Ripemd160
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 20;

    /// <summary>Writes the digest of <paramref name="data"/> to the first 20 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 20 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Ripemd160Hasher hasher = new();
        hasher.Update(data);
        hasher.Finish(digest);
    }

    /// <summary>The digest of <paramref name="data"/> as a new array of 20 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Size];
        Hash(data, digest);
        return digest;
    }
}
