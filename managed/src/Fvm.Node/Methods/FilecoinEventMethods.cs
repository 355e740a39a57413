using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The methods of Filecoin that read events of actors: <c>ChainGetEvents</c>, <c>GetActorEventsRaw</c>.</summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinEventMethods(LocalChain chain, LotusForms forms)
{
    // The limits of Lotus.
    private const ulong MaxRange = 2_880;
    private const int MaxTipsets = 2_880;
    private const int MaxResults = 10_000;
    private const int MaxAddresses = 1_000;
    private const int MaxKeys = 100;

    private readonly TipsetLookup _tipsets = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "ChainGetEvents", call =>
        {
            Cid root = call.Parameters[0, "root"].Cid();
            LocalMessage message = FindEvents(root, call.Cancellation) ?? throw TipsetLookup.Failure(
                $"load events amt: ipld: could not find {root}: no message of the last {MaxTipsets} tipsets, the most that are searched, has them");
            call.Result.WriteStartArray();
            foreach (StampedEvent stamped in message.Ret.Events)
            {
                call.Result.WriteStartObject();
                call.Result.WriteNumber("Emitter", stamped.Emitter.Value);
                WriteEntries(call.Result, "Entries", stamped.Event);
                call.Result.WriteEndObject();
            }

            call.Result.WriteEndArray();
        });
        FilecoinMethods.Add(registry, "GetActorEventsRaw", Find);
    }

    private static void WriteEntries(Utf8JsonWriter json, string name, ActorEvent actorEvent)
    {
        json.WriteStartArray(name);
        foreach (EventEntry entry in actorEvent.Entries)
        {
            json.WriteStartObject();
            json.WriteNumber("Flags", (ulong)entry.Flags);
            json.WriteString("Key", entry.Key.Span);
            json.WriteNumber("Codec", entry.Codec);
            json.WriteBase64String("Value", entry.Value.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private LocalMessage? FindEvents(Cid root, CancellationToken cancellation)
    {
        LocalBlock? block = chain.Head;
        for (int searched = 0; block is not null && searched < MaxTipsets; searched++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (block.Messages.FirstOrDefault(message => message.Ret.Receipt.EventsRoot == root) is LocalMessage found)
            {
                return found;
            }

            block = chain.ParentOf(block);
        }

        return null;
    }

    private void Find(RpcCall call)
    {
        RpcValue filter = call.Parameters[0, "filter"];
        (ulong first, ulong last) = filter.IsMissing ? (chain.Head.Number, chain.Head.Number) : RangeOf(filter);
        Address[] emitters = filter.IsMissing || filter["addresses"].IsMissing
            ? []
            : [.. filter["addresses"].Items(MaxAddresses).Select(static item => item.FilecoinAddress())];
        (string Key, (ulong Codec, byte[] Value)[] Values)[] fields =
            filter.IsMissing || filter["fields"].IsMissing ? [] : [.. ReadFields(filter["fields"])];
        int found = 0;

        // Actors keep their IDs and delegated addresses, so that the last state knows all of them. The states of old blocks are not kept.
        StateView state = chain.StateOf(chain.Head);
        HashSet<ActorId> wanted = [.. emitters.Select(emitter => state.Tree.LookupId(emitter)).OfType<ActorId>()];
        call.Result.WriteStartArray();
        foreach (LocalBlock block in chain.Range(first, last))
        {
            call.Cancellation.ThrowIfCancellationRequested();
            foreach (LocalMessage message in block.Messages)
            {
                foreach (StampedEvent stamped in message.Ret.Events)
                {
                    if ((emitters.Length > 0 && !wanted.Contains(stamped.Emitter)) || !Matches(stamped, fields))
                    {
                        continue;
                    }

                    if (found++ == MaxResults)
                    {
                        throw new RpcException(RpcErrorCode.LimitExceeded, $"more than {MaxResults} events match: ask for fewer epochs at a time");
                    }

                    WriteEvent(call.Result, block, message, stamped, state);
                }
            }
        }

        call.Result.WriteEndArray();
    }

    private (ulong First, ulong Last) RangeOf(RpcValue filter)
    {
        if (filter["tipsetKey"] is { IsMissing: false } key && key.Key().Length > 0)
        {
            ulong epoch = _tipsets.Find(key).Number;
            return (epoch, epoch);
        }

        ulong head = chain.Head.Number;
        ulong first = filter["fromHeight"].IsMissing ? head : filter["fromHeight"].Epoch();
        ulong last = filter["toHeight"].IsMissing ? head : Math.Min(filter["toHeight"].Epoch(), head);
        return last < first || last - first <= MaxRange
            ? (first, last)
            : throw new RpcException(RpcErrorCode.LimitExceeded, $"the range of {last - first} epochs is larger than {MaxRange}");
    }

    private static IEnumerable<(string Key, (ulong Codec, byte[] Value)[] Values)> ReadFields(RpcValue fields)
    {
        foreach ((string name, RpcValue values) in fields.Members().Take(MaxKeys))
        {
            yield return (name, [.. values.Items(MaxKeys).Select(static value => (value["codec"].Number(), value["value"].Base64()))]);
        }
    }

    // One of the values for each of the keys.
    private static bool Matches(StampedEvent stamped, (string Key, (ulong Codec, byte[] Value)[] Values)[] fields)
    {
        EventEntry[] entries = stamped.Event.Entries;
        return fields.All(field => field.Values.Length == 0 || entries.Any(entry =>
            System.Text.Encoding.UTF8.GetString(entry.Key.Span) == field.Key
            && field.Values.Any(value => value.Codec == entry.Codec && value.Value.AsSpan().SequenceEqual(entry.Value.Span))));
    }

    private void WriteEvent(Utf8JsonWriter json, LocalBlock block, LocalMessage message, StampedEvent stamped, StateView state)
    {
        json.WriteStartObject();
        WriteEntries(json, "entries", stamped.Event);
        Address emitter = state.Tree.GetActor(stamped.Emitter)?.DelegatedAddress ?? Address.NewId(stamped.Emitter);
        json.WriteString("emitter", forms.Text(emitter));
        json.WriteBoolean("reverted", false);
        json.WriteNumber("height", block.Number);
        json.WriteKey("tipsetKey", block.Tipset.Cids);
        json.WriteCid("msgCid", message.Message.Cid);
        json.WriteEndObject();
    }
}
