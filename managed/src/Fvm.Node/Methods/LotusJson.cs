using System.Text.Json;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>
/// Values of results in Lotus's form: CIDs as objects with a slash, amounts as decimal text, bytes in base64 with null for none, lists with null
/// for empty where Go's encoder has it.
/// </summary>
internal static class LotusJson
{
    extension(Utf8JsonWriter writer)
    {
        public void WriteCid(in Cid cid)
        {
            writer.WriteStartObject();
            writer.WriteString("/", cid.ToString());
            writer.WriteEndObject();
        }

        public void WriteCid(string name, in Cid cid)
        {
            writer.WritePropertyName(name);
            writer.WriteCid(cid);
        }

        /// <summary>A CID, or null.</summary>
        public void WriteCid(string name, Cid? cid)
        {
            if (cid is Cid present)
            {
                writer.WriteCid(name, in present);
            }
            else
            {
                writer.WriteNull(name);
            }
        }

        /// <summary>A tipset's key, or a block's parents.</summary>
        public void WriteKey(string name, IReadOnlyList<Cid> key)
        {
            writer.WriteStartArray(name);
            foreach (Cid cid in key)
            {
                writer.WriteCid(cid);
            }

            writer.WriteEndArray();
        }

        public void WriteDecimal(string name, in TokenAmount amount) => writer.WriteString(name, amount.ToString());

        /// <summary>Bytes in base64; null for none.</summary>
        public void WriteBase64OrNull(string name, ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty)
            {
                writer.WriteNull(name);
            }
            else
            {
                writer.WriteBase64String(name, bytes);
            }
        }

        public void WriteSignature(string name, ChainSignature? signature)
        {
            if (signature is null)
            {
                writer.WriteNull(name);
                return;
            }

            writer.WriteStartObject(name);
            writer.WriteSignatureFields(signature);
            writer.WriteEndObject();
        }

        public void WriteSignatureFields(ChainSignature signature)
        {
            writer.WriteNumber("Type", (byte)signature.Kind);
            writer.WriteBase64String("Data", signature.Data.Span);
        }

        public void WriteReceipt(Receipt receipt)
        {
            writer.WriteStartObject();
            writer.WriteNumber("ExitCode", receipt.ExitCode.Value);
            writer.WriteBase64OrNull("Return", receipt.ReturnData.Span);
            writer.WriteNumber("GasUsed", receipt.GasUsed);
            writer.WriteCid("EventsRoot", receipt.EventsRoot);
            writer.WriteEndObject();
        }
    }
}
