using System.Text;
using Fvm.Ipld.Cbor;

namespace Fvm;

/// <summary>
/// An event and who emitted it. In CBOR: emitter, then the list of entries, each flags, key, codec, value
/// (reference: <c>shared/src/event</c>).
/// </summary>
public readonly record struct StampedEvent(ActorId Emitter, ActorEvent Event)
{
    /// <summary>Reads an event from the reader's place.</summary>
    /// <exception cref="CborException">There is none.</exception>
    public static StampedEvent Read(ref CborReader reader)
    {
        reader.ReadArrayHeader(2);
        ActorId emitter = new(reader.ReadUInt());
        return new StampedEvent(emitter, ReadEvent(ref reader));
    }

    /// <summary>Reads an event without its emitter, as actors of NV18 to NV20 hand it over.</summary>
    /// <exception cref="CborException">There is none.</exception>
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

    public void WriteTo(CborWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteUInt(Emitter.Value);
        writer.WriteArrayHeader(Event.Entries.Length);
        foreach (EventEntry entry in Event.Entries)
        {
            writer.WriteArrayHeader(4);
            writer.WriteUInt((ulong)entry.Flags);
            writer.WriteTextUtf8(entry.Key.Span);
            writer.WriteUInt(entry.Codec);
            writer.WriteBytes(entry.Value.Span);
        }
    }

    public byte[] Encode()
    {
        CborWriter writer = new();
        WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>The event on one line, for people.</summary>
    public override string ToString()
    {
        StringBuilder text = new($"event of f0{Emitter}:");
        foreach (EventEntry entry in Event.Entries)
        {
            text.Append($" {Encoding.UTF8.GetString(entry.Key.Span)}={Convert.ToHexStringLower(entry.Value.Span)}");
        }

        return text.ToString();
    }
}
