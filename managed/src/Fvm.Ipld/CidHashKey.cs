namespace Fvm.Ipld;

/// <summary>
/// Random keys, drawn once per process. They keep hash codes unpredictable to whoever chooses digests, so that a dictionary of CIDs
/// cannot be degraded by constructed collisions.
/// </summary>
internal static class CidHashKey
{
    public static readonly ulong First = Draw();
    public static readonly ulong Second = Draw();
    public static readonly ulong Third = Draw();
    public static readonly ulong Fourth = Draw();
    public static readonly ulong Fifth = Draw();
    public static readonly ulong Sixth = Draw();

    /// <summary>Folds the two halves of the 128-bit product: each input bit affects each output bit.</summary>
    public static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

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
