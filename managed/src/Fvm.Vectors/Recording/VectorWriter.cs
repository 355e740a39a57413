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
    public static void Write(Stream stream, Vector vector, VectorResult result) =>
        Write(stream, vector, json => WritePostconditions(json, result), Options);

    /// <summary>Writes one vector with the results that are expected in it.</summary>
    /// <param name="stream">Receives the vector; stays open.</param>
    /// <param name="vector">The vector, with a receipt per message.</param>
    public static void WriteExpected(Stream stream, Vector vector) =>
        Write(stream, vector, json => ExpectedJson.WritePostconditions(json, vector), Options);

    /// <summary>As <see cref="WriteExpected"/>, on one line, for a set.</summary>
    public static void WriteExpectedLine(Stream stream, Vector vector) =>
        Write(stream, vector, json => ExpectedJson.WritePostconditions(json, vector), Options with { Indented = false });

    /// <summary>Writes one vector on one line, for a program that computes the results itself: those in it are all zero.</summary>
    /// <param name="stream">Receives the line; stays open.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="variant">The only variant to write.</param>
    public static void WriteWithoutResults(Stream stream, Vector vector, VectorVariant variant) =>
        Write(stream, vector with { Variants = [variant] }, json => WriteNoResults(json, vector), Options with { Indented = false });

    private static void Write(Stream stream, Vector vector, Action<Utf8JsonWriter> writeResults, JsonWriterOptions options)
    {
        using (Utf8JsonWriter json = new(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("class", "message");
            json.WriteStartObject("_meta");
            json.WriteString("id", vector.Id);
            json.WriteString("desc", vector.Description);
            WriteOptional(json, "bundle", vector.Bundle);
            WriteOptional(json, "recorded_with", vector.Recorder);
            json.WriteEndObject();
            json.WriteBase64String("car", Pack(vector.Car));
            WritePreconditions(json, vector);
            WriteMessages(json, vector);
            writeResults(json);
            WriteAnswers(json, vector);
            WriteConsensusFaults(json, vector);
            WriteHostFailures(json, vector);
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
        json.WriteNumber("timestamp", vector.Timestamp ?? VectorParser.DefaultTimestamp(vector.Variants[0].Epoch));
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
            json.WriteNumber("raw_length", message.RawLength ?? DefaultRawLength(message.Bytes));
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

    // Absent without answers, as in vectors of other recorders.
    private static void WriteConsensusFaults(Utf8JsonWriter json, Vector vector)
    {
        if (vector.ConsensusFaults.Count == 0)
        {
            return;
        }

        json.WriteStartArray("consensus_faults");
        foreach (VectorConsensusFault answer in vector.ConsensusFaults)
        {
            json.WriteStartObject();
            json.WriteBase64String("first", answer.Headers[0]);
            json.WriteBase64String("second", answer.Headers[1]);
            json.WriteBase64String("extra", answer.Headers[2]);
            json.WriteNumber("gas_used", answer.GasUsed);
            if (answer.Fault is ConsensusFault fault)
            {
                json.WriteStartObject("fault");
                json.WriteNumber("target", fault.Target.Value);
                json.WriteNumber("epoch", fault.Epoch.Value);
                json.WriteNumber("type", (uint)fault.Type);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHostFailures(Utf8JsonWriter json, Vector vector)
    {
        if (vector.HostFailures.Count == 0)
        {
            return;
        }

        json.WriteStartArray("host_failures");
        foreach (VectorHostFailure failure in vector.HostFailures)
        {
            json.WriteStartObject();
            json.WriteString("call", failure.Call);
            json.WriteNumber("at", failure.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Readers expect a receipt per message.
    private static void WriteNoResults(Utf8JsonWriter json, Vector vector)
    {
        json.WriteStartObject("postconditions");
        json.WriteStartArray("receipts");
        foreach (VectorMessage _ in vector.Messages)
        {
            json.WriteStartObject();
            json.WriteNumber("exit_code", 0);
            json.WriteNumber("gas_used", 0);
            json.WriteString("return", string.Empty);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteRoot(json, vector.PreRoot);
        json.WriteEndObject();
    }

    private static int DefaultRawLength(byte[] bytes)
    {
        try
        {
            return RawLengths.Of(Message.Decode(bytes), bytes.Length);
        }
        catch (MessageException)
        {
            // Whoever runs it refuses it.
            return bytes.Length;
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
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

    internal static void WriteRoot(Utf8JsonWriter json, string root)
    {
        json.WriteStartObject("state_tree");
        json.WriteStartObject("root_cid");
        json.WriteString("/", root);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
