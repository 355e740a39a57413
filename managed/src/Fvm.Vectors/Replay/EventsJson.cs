using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Writes events in the vector format: <c>{"emitter":ID,"entries":[[flags,key,codec,value in base64],…]}</c>.</summary>
internal static class EventsJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyList<StampedEvent> events)
    {
        if (events.Count == 0)
        {
            return "[]";
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartArray();
            foreach (StampedEvent stamped in events)
            {
                WriteEvent(json, stamped);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteEvent(Utf8JsonWriter json, StampedEvent stamped)
    {
        json.WriteStartObject();
        json.WriteNumber("emitter", stamped.Emitter.Value);
        json.WriteStartArray("entries");
        foreach (EventEntry entry in stamped.Event.Entries)
        {
            json.WriteStartArray();
            json.WriteNumberValue((ulong)entry.Flags);
            json.WriteStringValue(entry.Key.Span);
            json.WriteNumberValue(entry.Codec);
            json.WriteBase64StringValue(entry.Value.Span);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
