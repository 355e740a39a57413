using System.Text.Unicode;
using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>
    /// Emits an event from its packed entry heads (<see cref="EventEntryHead"/>), keys and values, each concatenated in a buffer
    /// (FIP-0049, FIP-0072).
    /// </summary>
    public Outcome EmitEvent(ReadOnlySpan<byte> heads, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values)
    {
        EventRules limits = _execution.Rules.Events;
        int count = heads.Length / EventEntryHead.Size;
        if (IsReadOnly) return Outcome.Error(ErrorNumber.ReadOnly, "cannot emit events while read-only");

        if (!TryCharge(Prices.OnActorEvent(count, keys.Length, values.Length))) return Outcome.OutOfGas;

        if (count > limits.MaxEntries)
        {
            return Outcome.Error(ErrorNumber.LimitExceeded, $"event exceeded max entries: {count} > {limits.MaxEntries}");
        }

        if (values.Length > limits.MaxValuesLength)
        {
            return Outcome.Error(ErrorNumber.LimitExceeded, $"event values exceeded the max size: {values.Length} > {limits.MaxValuesLength}");
        }

        if (!Utf8.IsValid(keys)) return Outcome.Error(ErrorNumber.IllegalArgument, "event keys are not UTF-8");

        CborWriter writer = _execution.Events.Writer;
        writer.Reset();
        StampedEvent.WriteHead(writer, Receiver, count);
        int keyAt = 0;
        int valueAt = 0;
        for (int i = 0; i < count; i++)
        {
            EventEntryHead head = EventEntryHead.Read(heads[(i * EventEntryHead.Size)..]);
            if (CheckEntry(head, limits, keys[keyAt..], values[valueAt..]).Failed(out Outcome outcome)) return outcome;

            ReadOnlySpan<byte> key = keys.Slice(keyAt, (int)head.KeyLength);
            ReadOnlySpan<byte> value = values.Slice(valueAt, (int)head.ValueLength);
            StampedEvent.WriteEntry(writer, (EventFlags)head.Flags, key, head.Codec, value);
            keyAt += (int)head.KeyLength;
            valueAt += (int)head.ValueLength;
        }

        if (keyAt != keys.Length || valueAt != values.Length)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, "event key or value buffer is longer than its entries");
        }

        _execution.Events.Append(writer.WrittenSpan);
        return Outcome.Ok;
    }

    private static Outcome CheckEntry(in EventEntryHead head, EventRules limits, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values)
    {
        if ((head.Flags & ~(ulong)EventFlags.IndexedAll) != 0)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"event flags are invalid: {head.Flags}");
        }

        if (head.KeyLength > limits.MaxKeyLength)
        {
            return Outcome.Error(ErrorNumber.LimitExceeded, $"event key exceeded max size: {head.KeyLength} > {limits.MaxKeyLength}");
        }

        if (head.ValueLength > limits.MaxValuesLength) return Outcome.Error(ErrorNumber.IllegalArgument, "event entry value out of range");

        // A key that begins or ends inside a UTF-8 character counts as out of range.
        int keyLength = (int)head.KeyLength;
        if (keyLength > keys.Length || IsContinuation(keys, 0) || IsContinuation(keys, keyLength))
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, "event entry key out of range");
        }

        if ((int)head.ValueLength > values.Length) return Outcome.Error(ErrorNumber.IllegalArgument, "event entry value out of range");

        if (head.Codec is not (Multicodec.Raw or Multicodec.Cbor))
        {
            return Outcome.Error(ErrorNumber.IllegalCodec, $"event codec must be raw or CBOR, was {head.Codec}");
        }

        return Outcome.Ok;
    }

    private static bool IsContinuation(ReadOnlySpan<byte> text, int at) => at < text.Length && (text[at] & 0xc0) == 0x80;

    /// <summary>Emits an event encoded as one CBOR item, the list of its entries (before NV21).</summary>
    public Outcome EmitEncodedEvent(ReadOnlySpan<byte> encoded)
    {
        if (IsReadOnly) return Outcome.Error(ErrorNumber.ReadOnly, "cannot emit events while read-only");

        if (!TryCharge(Prices.OnActorEventValidate(encoded.Length))) return Outcome.OutOfGas;

        EventRules limits = _execution.Rules.Events;
        if (encoded.Length > limits.MaxEncodedLength) return Outcome.Error(limits.LimitError, "event WAY too large");

        ActorEvent actorEvent;
        try
        {
            CborReader reader = new(encoded);
            actorEvent = StampedEvent.ReadEvent(ref reader);
            reader.EnsureEnd();
        }
        catch (CborException e)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, e.Message);
        }

        if (Validate(actorEvent, limits).Failed(out Outcome outcome)) return outcome;

        if (!TryCharge(Prices.OnActorEventAccept(encoded.Length))) return Outcome.OutOfGas;

        _execution.Events.Append(new StampedEvent(Receiver, actorEvent).Encoded.Span);
        return Outcome.Ok;
    }

    private static Outcome Validate(ActorEvent actorEvent, EventRules limits)
    {
        if (actorEvent.Entries.Length > limits.MaxEntries)
        {
            return Outcome.Error(limits.LimitError, $"event exceeded max entries: {actorEvent.Entries.Length} > {limits.MaxEntries}");
        }

        long values = 0;
        foreach (EventEntry entry in actorEvent.Entries)
        {
            if (entry.Key.Length > limits.MaxKeyLength)
            {
                return Outcome.Error(limits.LimitError, $"event key exceeded max size: {entry.Key.Length} > {limits.MaxKeyLength}");
            }

            if (entry.Codec != Multicodec.Raw)
            {
                return Outcome.Error(ErrorNumber.IllegalCodec, $"event codec must be raw, was {entry.Codec}");
            }

            values += entry.Value.Length;
        }

        return values > limits.MaxValuesLength
            ? Outcome.Error(limits.LimitError, $"event values exceeded the max size: {values} > {limits.MaxValuesLength}")
            : Outcome.Ok;
    }
}
