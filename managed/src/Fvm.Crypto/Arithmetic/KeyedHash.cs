using System.Runtime.InteropServices;

namespace Fvm.Crypto;

/// <summary>
/// Hash codes under random keys, drawn once per process. Dictionaries use them for whatever a message, a module or a client can choose:
/// with a hash known beforehand, keys that share a hash code make each access take time linear in their number. No cryptographic hash: it
/// resists who does not see its results.
/// </summary>
public static class KeyedHash
{
    public static readonly ulong First = Draw();
    public static readonly ulong Second = Draw();
    public static readonly ulong Third = Draw();
    public static readonly ulong Fourth = Draw();
    public static readonly ulong Fifth = Draw();
    public static readonly ulong Sixth = Draw();

    private const int BlockLength = 2 * sizeof(ulong);

    /// <summary>Folds the two halves of the 128-bit product: each input bit affects each output bit. At least one input must be keyed.</summary>
    public static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    /// <summary>The hash of one word.</summary>
    public static ulong Of(ulong word) => Mix(word ^ First, Second);

    /// <summary>The hash of several words: that of the words before, and the next one.</summary>
    public static ulong Combine(ulong hash, ulong next) => Mix(hash ^ Third, next ^ Fourth);

    /// <summary>The hash of bytes, and of their length.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    /// <param name="more">A word to hash with them.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong more = 0)
    {
        ulong hash = Mix((ulong)bytes.Length ^ First, more ^ Second);
        if (bytes.Length < BlockLength)
        {
            Span<byte> padded = stackalloc byte[BlockLength];
            padded.Clear();
            bytes.CopyTo(padded);
            return CombineBlock(hash, padded);
        }

        for (int i = 0; i < bytes.Length - BlockLength; i += BlockLength)
        {
            hash = CombineBlock(hash, bytes[i..]);
        }

        // The last block may overlap the one before.
        return CombineBlock(hash, bytes[^BlockLength..]);
    }

    /// <summary>A hash as .NET's dictionaries take it.</summary>
    public static int ToHashCode(ulong hash) => (int)(hash ^ (hash >> 32));

    // Sound: reads are checked against the span's length.
    private static ulong CombineBlock(ulong hash, ReadOnlySpan<byte> block) =>
        Mix(MemoryMarshal.Read<ulong>(block) ^ Third, MemoryMarshal.Read<ulong>(block[sizeof(ulong)..]) ^ hash);

    // From the kernel, by way of a new GUID, rather than from the cryptographic library: a node loads that for nothing else; loading it makes
    // thousands of allocations and aborts the process if one of them fails.
    private static ulong Draw()
    {
        Span<byte> bits = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bits);
        Span<byte> more = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(more);

        // Six bits of a GUID are fixed, all of them in its second half.
        return BitConverter.ToUInt64(bits) ^ BitConverter.ToUInt64(more[8..]);
    }
}
