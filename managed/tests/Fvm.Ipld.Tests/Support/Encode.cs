using System.Globalization;
using System.Text;

namespace Fvm.Ipld.Tests;

/// <summary>Shorthands for CBOR encoding.</summary>
internal static class Encode
{
    public static byte[] With(Action<CborWriter> write)
    {
        CborWriter writer = new();
        write(writer);
        return writer.ToArray();
    }

    public static byte[] Bytes(string text) => With(writer => writer.WriteBytes(Encoding.UTF8.GetBytes(text)));

    public static byte[] Number(long value) => With(writer => writer.WriteInt(value));

    /// <summary>The decimal digits of a number, the key format of the reference's tests.</summary>
    public static byte[] Key(int value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
}
