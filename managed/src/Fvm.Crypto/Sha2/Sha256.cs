// One-shot SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4).
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fvm.Crypto;

/// <summary>
/// SHA-256 of a whole message, in the shape of the other hashes here: by the processor's instructions where it has them, else by
/// portable code for what fits one block, and the runtime's implementation for more. The runtime's goes through a native library, which costs
/// more than ten blocks before the first one.
/// </summary>
public static class Sha256
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 32;

    // What padding adds at least, and the most that is left to hash with it.
    private const int Padding = 1 + sizeof(ulong);
    private const int LastBytes = 2 * Sha256Kernel.BlockBytes;

    private static readonly Sha256Kernel? Kernel = Sha256Kernel.Create();

    /// <summary>Writes the digest of <paramref name="data"/> to the first 32 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        if (digest.Length < Size)
        {
            throw new ArgumentException($"The digest needs {Size} bytes.", nameof(digest));
        }

        if (Kernel is not null)
        {
            Hash(Kernel, data, digest);
        }
        else if (data.Length <= Sha256Block.MaxLength)
        {
            Sha256Block.Hash(data, digest);
        }
        else
        {
            SHA256.HashData(data, digest);
        }
    }

    /// <summary>The digest of <paramref name="data"/> as a new array of 32 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Size];
        Hash(data, digest);
        return digest;
    }

    internal static void Hash(Sha256Kernel kernel, ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = stackalloc uint[8];
        Sha256Constants.InitialState.CopyTo(state);

        // Short messages are padded where they can be hashed in one go; of longer ones, what their whole blocks leave.
        int whole = data.Length < LastBytes - Padding ? 0 : data.Length & -Sha256Kernel.BlockBytes;
        if (whole > 0)
        {
            kernel.Compress(state, data[..whole]);
        }

        // What is left, a one bit, zeros, and the length in bits at the end of a block.
        ReadOnlySpan<byte> rest = data[whole..];
        Span<byte> last = stackalloc byte[LastBytes];
        last = last[..(rest.Length <= Sha256Kernel.BlockBytes - Padding ? Sha256Kernel.BlockBytes : LastBytes)];
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last[(rest.Length + 1)..^sizeof(ulong)].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], (ulong)data.Length * 8);
        kernel.Compress(state, last);
        for (int word = 0; word < state.Length; word++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(word * sizeof(uint))..], state[word]);
        }
    }
}
