using System.Text.Json;

namespace Fvm.Node;

/// <summary>Where a message is and what it gave, in Lotus's form.</summary>
internal static class LotusLookup
{
    /// <summary>Writes it. The tipset is that which has the receipts: the next one, or the message's own while there is none.</summary>
    public static void Write(Utf8JsonWriter json, LocalBlock block, LocalMessage message, LocalBlock? next)
    {
        json.WriteStartObject();
        json.WriteCid("Message", message.Message.Cid);
        json.WritePropertyName("Receipt");
        json.WriteReceipt(message.Ret.Receipt);
        json.WriteNull("ReturnDec");
        json.WriteKey("TipSet", (next ?? block).Tipset.Cids);
        json.WriteNumber("Height", next?.Number ?? block.Number + 1);
        json.WriteEndObject();
    }
}
