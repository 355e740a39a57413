using System.Text;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// An event with its emitter, in the form used for the events root and for the node. In CBOR: emitter, then the list of entries, each flags,
/// key, codec, value (reference: <c>shared/src/event</c>).
/// </summary>
public readonly struct StampedEvent
{
    internal StampedEvent(ReadOnlyMemory<byte> encoded)
    {
        Encoded = encoded;
    }

    /// <summary>Encodes an event.</summary>
    public StampedEvent(ActorId emitter, ActorEvent actorEvent)
    {
        CborWriter writer = new();
        WriteHead(writer, emitter, actorEvent.Entries.Length);
        foreach (EventEntry entry in actorEvent.Entries)
        {
            WriteEntry(writer, entry.Flags, entry.Key.Span, entry.Codec, entry.Value.Span);
        }

        Encoded = writer.ToArray();
    }

    /// <summary>The event in CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The emitting actor.</summary>
    public ActorId Emitter => Decode().Emitter;

    /// <summary>The event without its emitter; decoded on each access.</summary>
    public ActorEvent Event => Decode().Event;

    /// <summary>Reads an event with its emitter.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static StampedEvent Read(ReadOnlyMemory<byte> encoded)
    {
        StampedEvent read = new(encoded);
        _ = read.Decode();
        return read;
    }

    /// <summary>Reads an event without its emitter, as emitted by actors at NV18 to NV20.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static ActorEvent ReadEvent(ref CborReader reader)
    {
        EventEntry[] entries = CborFields.ReadList(ref reader, static (ref CborReader item) =>
        {
            item.ReadArrayHeader(4);
            EventFlags flags = (EventFlags)item.ReadUInt();
            byte[] key = item.ReadTextUtf8().ToArray();
            ulong codec = item.ReadUInt();
            return new EventEntry(flags, key, codec, item.ReadBytes().ToArray());
        });
        return new ActorEvent(entries);
    }

    /// <summary>Writes the part before an event's entries.</summary>
    internal static void WriteHead(CborWriter writer, ActorId emitter, int entries)
    {
        writer.WriteArrayHeader(2);
        writer.WriteUInt(emitter.Value);
        writer.WriteArrayHeader(entries);
    }

    internal static void WriteEntry(CborWriter writer, EventFlags flags, ReadOnlySpan<byte> key, ulong codec, ReadOnlySpan<byte> value)
    {
        writer.WriteArrayHeader(4);
        writer.WriteUInt((ulong)flags);
        writer.WriteTextUtf8(key);
        writer.WriteUInt(codec);
        writer.WriteBytes(value);
    }

    /// <summary>The event on one line, human-readable.</summary>
    public override string ToString()
    {
        (ActorId emitter, ActorEvent actorEvent) = Decode();
        StringBuilder text = new($"event of f0{emitter}:");
        foreach (EventEntry entry in actorEvent.Entries)
        {
            text.Append($" {Encoding.UTF8.GetString(entry.Key.Span)}={Convert.ToHexStringLower(entry.Value.Span)}");
        }

        return text.ToString();
    }

    private (ActorId Emitter, ActorEvent Event) Decode()
    {
        CborReader reader = new(Encoded.Span);
        reader.ReadArrayHeader(2);
        ActorId emitter = new(reader.ReadUInt());
        return (emitter, ReadEvent(ref reader));
    }
}
