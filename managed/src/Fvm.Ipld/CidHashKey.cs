// The secret of this process that keys hash codes of CIDs.
using System.Security.Cryptography;

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

    private static ulong Draw() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
