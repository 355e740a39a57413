using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Writes a vector with its replay results as JSON, in the form that <see cref="VectorParser"/> reads.</summary>
public static class VectorWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
    };

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>Writes one vector.</summary>
    /// <param name="stream">Receives the vector; stays open.</param>
    /// <param name="vector">The replayed vector.</param>
    /// <param name="result">Its results, with traces.</param>
    public static void Write(Stream stream, Vector vector, VectorResult result)
    {
        using (Utf8JsonWriter json = new(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("class", "message");
            json.WriteStartObject("_meta");
            json.WriteString("id", vector.Id);
            json.WriteString("desc", vector.Description);
            json.WriteEndObject();
            json.WriteBase64String("car", Pack(vector.Car));
            WritePreconditions(json, vector);
            WriteMessages(json, vector);
            WritePostconditions(json, result);
            WriteAnswers(json, vector);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    // Readers expect gzip. Stored uncompressed in it, because a compressor's output differs between versions.
    private static byte[] Pack(byte[] car)
    {
        if (car.AsSpan().StartsWith(GzipMagic))
        {
            return car;
        }

        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(car);
        }

        return packed.ToArray();
    }

    private static void WritePreconditions(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartObject("preconditions");
        json.WriteBoolean("actor_debugging", vector.ActorDebugging);
        json.WriteString("basefee", vector.BaseFee);
        json.WriteNumber("chain_id", vector.ChainId);
        json.WriteString("circ_supply", vector.CirculatingSupply);
        WriteRoot(json, vector.PreRoot);
        json.WriteNumber("timestamp", vector.Timestamp ?? 0);
        json.WriteStartArray("variants");
        foreach (VectorVariant variant in vector.Variants)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", variant.Epoch);
            json.WriteString("id", variant.Id);
            json.WriteNumber("nv", variant.NetworkVersion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMessages(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartArray("apply_messages");
        foreach (VectorMessage message in vector.Messages)
        {
            json.WriteStartObject();
            json.WriteBase64String("bytes", message.Bytes);
            json.WriteString("kind", message.Implicit ? "implicit" : "explicit");
            json.WriteNumber("raw_length", message.RawLength ?? message.Bytes.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePostconditions(Utf8JsonWriter json, VectorResult result)
    {
        json.WriteStartObject("postconditions");
        json.WriteStartArray("apply_rets");
        foreach (MessageOutcome outcome in result.Outcomes)
        {
            ResultJson.WriteApplyRet(json, outcome);
        }

        json.WriteEndArray();
        json.WriteStartArray("receipts");
        foreach (MessageOutcome outcome in result.Outcomes)
        {
            ResultJson.WriteReceipt(json, outcome);
        }

        json.WriteEndArray();
        WriteRoot(json, result.StateRoot!);
        json.WriteEndObject();
    }

    // The host's responses, in the form that the parser reads.
    private static void WriteAnswers(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartArray("randomness");
        foreach (VectorRandomness answer in vector.Randomness)
        {
            json.WriteStartObject();
            json.WriteStartArray("on");
            json.WriteStringValue(answer.Beacon ? "beacon" : "chain");
            json.WriteNumberValue(answer.Epoch);
            json.WriteEndArray();
            json.WriteBase64String("ret", answer.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("tipset_cids");
        foreach (VectorTipsetCid tipset in vector.TipsetCids)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", tipset.Epoch);
            json.WriteStartObject("cid");
            json.WriteString("/", tipset.Cid);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRoot(Utf8JsonWriter json, string root)
    {
        json.WriteStartObject("state_tree");
        json.WriteStartObject("root_cid");
        json.WriteString("/", root);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
