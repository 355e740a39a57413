using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>The keys of maps as text.</summary>
internal static class KeyText
{
    /// <summary>A key; in hexadecimal if it is not of its type.</summary>
    public static string Of(Primitive type, ReadOnlySpan<byte> key) => type switch
    {
        Primitive.Address when Address.TryFromBytes(key, out Address address) => address.ToString(),
        Primitive.Cid when Cid.TryRead(key, out Cid cid, out int read) && read == key.Length => cid.ToString(),
        Primitive.Uint when TryReadVarint(key, out ulong number) => number.ToString(CultureInfo.InvariantCulture),
        Primitive.Actor when TryReadVarint(key, out ulong number) => $"f0{new ActorId(number)}",
        Primitive.Int or Primitive.Epoch when TryReadVarint(key, out ulong number) =>
            ((long)(number >> 1) ^ -(long)(number & 1)).ToString(CultureInfo.InvariantCulture),
        _ => $"0x{Convert.ToHexStringLower(key)}",
    };

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int at = 0; at < bytes.Length && at < 10; at++)
        {
            value |= (ulong)(bytes[at] & 0x7f) << (7 * at);
            if (bytes[at] < 0x80)
            {
                return at == bytes.Length - 1;
            }
        }

        return false;
    }
}
