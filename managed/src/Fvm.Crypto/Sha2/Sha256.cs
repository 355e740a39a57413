// SHA-256 of whole messages (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4).
using System.Buffers.Binary;

namespace Fvm.Crypto;

/// <summary>
/// SHA-256 of a whole message, by the processor's instructions where it has them, else by portable code. The runtime's own goes through
/// OpenSSL, whose calls cost more than ten blocks before the first one, and which ends the process when it lacks memory or is not installed.
/// </summary>
public static class Sha256
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 32;

    /// <summary>Bytes in a block of the compression function.</summary>
    internal const int BlockBytes = 64;

    // What padding adds at least, and the most that is left to hash with it.
    private const int Padding = 1 + sizeof(ulong);
    private const int LastBytes = 2 * BlockBytes;

    private static readonly Sha256Kernel? Kernel = Sha256Kernel.Create();

    /// <summary>Writes the digest of <paramref name="data"/> to the first 32 bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(Kernel, data, digest);

    /// <summary>The digest of <paramref name="data"/> as a new array of 32 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Size];
        Hash(data, digest);
        return digest;
    }

    /// <summary>The digest by a kernel, or by portable code for null.</summary>
    internal static void Hash(Sha256Kernel? kernel, ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = stackalloc uint[8];
        Sha256Constants.InitialState.CopyTo(state);

        // Short messages are padded where they can be hashed in one go; of longer ones, what their whole blocks leave.
        int whole = data.Length < LastBytes - Padding ? 0 : data.Length & -BlockBytes;
        if (whole > 0)
        {
            Compress(kernel, state, data[..whole]);
        }

        Finish(kernel, state, data[whole..], (ulong)data.Length, digest);
    }

    /// <summary>Compresses whole blocks into a state of eight words.</summary>
    internal static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks) => Compress(Kernel, state, blocks);

    /// <summary>Compresses what is left of a message with its padding, and writes the digest.</summary>
    /// <param name="state">The state after the whole blocks.</param>
    /// <param name="rest">What the whole blocks left, of which padding makes at most two more.</param>
    /// <param name="length">Bytes of the whole message.</param>
    /// <param name="digest">At least 32 bytes.</param>
    internal static void Finish(Span<uint> state, ReadOnlySpan<byte> rest, ulong length, Span<byte> digest) =>
        Finish(Kernel, state, rest, length, digest);

    private static void Compress(Sha256Kernel? kernel, Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        if (kernel is not null)
        {
            kernel.Compress(state, blocks);
        }
        else
        {
            Sha256Portable.Compress(state, blocks);
        }
    }

    private static void Finish(Sha256Kernel? kernel, Span<uint> state, ReadOnlySpan<byte> rest, ulong length, Span<byte> digest)
    {
        if (digest.Length < Size)
        {
            throw new ArgumentException($"The digest needs {Size} bytes.", nameof(digest));
        }

        // A one bit, zeros, and the length in bits at the end of a block.
        Span<byte> last = stackalloc byte[LastBytes];
        last = last[..(rest.Length <= BlockBytes - Padding ? BlockBytes : LastBytes)];
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last[(rest.Length + 1)..^sizeof(ulong)].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], length * 8);
        Compress(kernel, state, last);
        for (int word = 0; word < state.Length; word++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(word * sizeof(uint))..], state[word]);
        }
    }
}
