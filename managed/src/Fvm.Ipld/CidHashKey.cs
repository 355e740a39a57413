// The secret of this process that keys hash codes of CIDs.

namespace Fvm.Ipld;

/// <summary>
/// Keys drawn once a process, never changed. With them, whoever can choose digests still cannot choose hash codes,
/// so a dictionary of CIDs cannot be made slow.
/// </summary>
internal static class CidHashKey
{
    public static readonly ulong First = Draw();
    public static readonly ulong Second = Draw();
    public static readonly ulong Third = Draw();
    public static readonly ulong Fourth = Draw();

    /// <summary>The two halves of the product, folded: each input bit reaches each output bit.</summary>
    public static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    // From the kernel, as a new identifier is, and not through the cryptographic library: that is loaded for nothing else in a node, makes
    // thousands of requests for memory while it starts, and ends the process when one of them fails.
    private static ulong Draw()
    {
        Span<byte> bits = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bits);
        Span<byte> more = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(more);

        // Six bits of an identifier are fixed, all of them in its second half.
        return BitConverter.ToUInt64(bits) ^ BitConverter.ToUInt64(more[8..]);
    }
}
