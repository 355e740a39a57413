using System.Buffers.Binary;

namespace Fvm.Crypto;

/// <summary>
/// One-shot SHA-256 (FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4) by the processor's SHA instructions where supported, otherwise by
/// portable code. The runtime's implementation calls OpenSSL, at a fixed cost of more than ten blocks per call, and terminates the process
/// if OpenSSL lacks memory or is not installed.
/// </summary>
public static class Sha256
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int Size = 32;

    /// <summary>Bytes in a block of the compression function.</summary>
    internal const int BlockBytes = 64;

    // Minimum bytes of padding, and maximum bytes of the last, padded blocks.
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

    /// <summary>The digest by a kernel, or by portable code if null.</summary>
    internal static void Hash(Sha256Kernel? kernel, ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = stackalloc uint[8];
        Sha256Constants.InitialState.CopyTo(state);

        // Short messages are padded and compressed in a single call; longer ones in two: the whole blocks, then the padded remainder.
        int whole = data.Length < LastBytes - Padding ? 0 : data.Length & -BlockBytes;
        if (whole > 0)
        {
            Compress(kernel, state, data[..whole]);
        }

        Finish(kernel, state, data[whole..], (ulong)data.Length, digest);
    }

    /// <summary>Compresses whole blocks into a state of eight words.</summary>
    internal static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks) => Compress(Kernel, state, blocks);

    /// <summary>Compresses the remainder of a message with its padding, and writes the digest.</summary>
    /// <param name="state">The state after the whole blocks.</param>
    /// <param name="rest">The remainder after the whole blocks; at most two blocks with padding.</param>
    /// <param name="length">Length of the whole message, in bytes.</param>
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
