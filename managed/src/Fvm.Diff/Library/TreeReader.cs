using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Diff;

/// <summary>Reads what the C interface hands over in CBOR: the trace as a tree of calls, and events.</summary>
internal static class TreeReader
{
    // Calls nest to 1,024; deeper trees are not traces.
    private const int MaxDepth = 1100;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The trace's lines, in the order of the tree; none for an absent trace.</summary>
    /// <exception cref="CborException">It is not a trace.</exception>
    public static IReadOnlyList<string> Trace(byte[] cbor)
    {
        List<string> lines = [];
        if (cbor.Length > 0)
        {
            CborReader reader = new(cbor);
            ReadCall(ref reader, lines, 0);
            reader.EnsureEnd();
        }

        return lines;
    }

    /// <summary>Events in the vector format.</summary>
    /// <exception cref="CborException">It is no list of events.</exception>
    public static string Events(byte[] cbor)
    {
        if (cbor.Length == 0)
        {
            return "[]";
        }

        CborReader reader = new(cbor);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartArray();
            for (int left = reader.ReadArrayHeader(); left > 0; left--)
            {
                ReadEvent(ref reader, json);
            }

            json.WriteEndArray();
        }

        reader.EnsureEnd();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void ReadEvent(ref CborReader reader, Utf8JsonWriter json)
    {
        reader.ReadArrayHeader(2);
        json.WriteStartObject();
        json.WriteNumber("emitter", reader.ReadUInt());
        json.WriteStartArray("entries");
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            reader.ReadArrayHeader(4);
            json.WriteStartArray();
            json.WriteNumberValue(reader.ReadUInt());
            json.WriteStringValue(reader.ReadText());
            json.WriteNumberValue(reader.ReadUInt());
            json.WriteBase64StringValue(reader.ReadBytes());
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void ReadCall(ref CborReader reader, List<string> lines, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new CborException(reader.Offset, $"more than {MaxDepth} nested calls");
        }

        reader.ReadArrayHeader(7);
        Add(lines, ReadMessage(ref reader));
        reader.ReadArrayHeader(3);
        ExitCode exitCode = new((uint)reader.ReadUInt());
        CallReturnEvent end = new(exitCode, ReadBlock(ref reader));
        if (!reader.TryReadNull())
        {
            reader.ReadArrayHeader(2);
            Add(lines, new InvokeActorEvent(new ActorId(reader.ReadUInt()), ActorState.ReadFrom(ref reader, StateTreeVersion.V5)));
        }

        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            reader.ReadArrayHeader(5);
            lines.Add(TraceTree.Charge(reader.ReadText(), reader.ReadUInt(), reader.ReadUInt(), reader.ReadUInt()));
            reader.ReadUInt();
        }

        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            ReadCall(ref reader, lines, depth + 1);
        }

        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            Add(lines, new LogEvent(reader.ReadText()));
        }

        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            reader.ReadArrayHeader(3);
            IpldOperation operation = (IpldOperation)reader.ReadUInt();
            Add(lines, new IpldEvent(operation, reader.ReadCid(), (int)Math.Min(reader.ReadUInt(), int.MaxValue)));
        }

        Add(lines, end);
    }

    private static CallEvent ReadMessage(ref CborReader reader)
    {
        reader.ReadArrayHeader(8);
        int at = reader.Offset;
        if (!ReadAddress(ref reader).TryGetId(out ActorId from))
        {
            throw new CborException(at, "the sender of a call is no ID address");
        }

        Address to = ReadAddress(ref reader);
        at = reader.Offset;
        if (!TokenAmount.TryFromBytes(reader.ReadBytes(), out TokenAmount value))
        {
            throw new CborException(at, "expected an amount");
        }

        MethodNumber method = new(reader.ReadUInt());
        IpldBlock? parameters = ReadBlock(ref reader);
        return new CallEvent(from, to, method, parameters, value, reader.ReadUInt(), reader.ReadBool());
    }

    private static Address ReadAddress(ref CborReader reader)
    {
        int at = reader.Offset;
        return Address.TryFromBytes(reader.ReadBytes(), out Address address) ? address : throw new CborException(at, "expected an address");
    }

    // Data and codec; nothing is empty data of codec zero.
    private static IpldBlock? ReadBlock(ref CborReader reader)
    {
        byte[] data = reader.ReadBytes().ToArray();
        ulong codec = reader.ReadUInt();
        return codec == 0 && data.Length == 0 ? null : new IpldBlock(codec, data);
    }

    private static void Add(List<string> lines, ExecutionEvent item) => lines.Add(TraceJsonWriter.ToLine(item));
}
