using System.Numerics;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Values of results in the form of Ethereum: quantities without leading zeros, bytes with all digits.</summary>
internal static class EthJson
{
    extension(Utf8JsonWriter writer)
    {
        public void WriteQuantity(ulong value) => writer.WriteStringValue(EthHex.Of(value));

        public void WriteQuantity(in BigInteger value) => writer.WriteStringValue(EthHex.Of(value));

        public void WriteQuantity(string name, ulong value) => writer.WriteString(name, EthHex.Of(value));

        public void WriteQuantity(string name, in BigInteger value) => writer.WriteString(name, EthHex.Of(value));

        public void WriteQuantity(string name, in TokenAmount value) => writer.WriteString(name, EthHex.Of(value.Atto));

        public void WriteData(ReadOnlySpan<byte> bytes) => writer.WriteStringValue(EthHex.Of(bytes));

        public void WriteData(string name, ReadOnlySpan<byte> bytes) => writer.WriteString(name, EthHex.Of(bytes));

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
