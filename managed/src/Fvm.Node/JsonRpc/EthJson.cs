using System.Numerics;
using System.Text.Json;

namespace Fvm.Node;

/// <summary>Values of results in the form of Ethereum: quantities without leading zeros, bytes with all digits.</summary>
internal static class EthJson
{
    /// <summary>A quantity as text: 0x and digits without leading zeros.</summary>
    public static string Quantity(ulong value) => $"0x{value:x}";

    /// <summary>A quantity as text; the number is not negative.</summary>
    public static string Quantity(in BigInteger value)
    {
        string digits = value.ToString("x", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <summary>Bytes as text.</summary>
    public static string Data(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    extension(Utf8JsonWriter writer)
    {
        public void WriteQuantity(ulong value) => writer.WriteStringValue(Quantity(value));

        public void WriteQuantity(in BigInteger value) => writer.WriteStringValue(Quantity(value));

        public void WriteQuantity(string name, ulong value) => writer.WriteString(name, Quantity(value));

        public void WriteQuantity(string name, in BigInteger value) => writer.WriteString(name, Quantity(value));

        public void WriteQuantity(string name, in TokenAmount value) => writer.WriteString(name, Quantity(value.Atto));

        public void WriteData(ReadOnlySpan<byte> bytes) => writer.WriteStringValue(Data(bytes));

        public void WriteData(string name, ReadOnlySpan<byte> bytes) => writer.WriteString(name, Data(bytes));

        public void WriteHash(EthHash hash) => writer.WriteStringValue(hash.ToString());

        public void WriteHash(string name, EthHash hash) => writer.WriteString(name, hash.ToString());

        public void WriteAddress(EthAddress address) => writer.WriteStringValue(address.ToString());

        public void WriteAddress(string name, EthAddress address) => writer.WriteString(name, address.ToString());

        /// <summary>An address, or null.</summary>
        public void WriteAddress(string name, EthAddress? address)
        {
            if (address is EthAddress present)
            {
                writer.WriteString(name, present.ToString());
            }
            else
            {
                writer.WriteNull(name);
            }
        }
    }
}
