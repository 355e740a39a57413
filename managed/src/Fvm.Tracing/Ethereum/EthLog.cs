using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>An event in the form of Ethereum's logs.</summary>
/// <param name="Topics">At most four words.</param>
/// <param name="Data">The data.</param>
/// <param name="CallsBefore">How many calls its emitter had made before.</param>
internal sealed record EthLog(IReadOnlyList<EthWord> Topics, ReadOnlyMemory<byte> Data, int CallsBefore)
{
    private const int MaxTopics = 4;

    /// <summary>The log of an event: all its entries are raw bytes, t1 to t4 are topics without a gap, and d is the data.</summary>
    /// <returns>Null if the event has another form.</returns>
    public static EthLog? Of(EmittedEvent emitted)
    {
        EthWord?[] topics = new EthWord?[MaxTopics];
        ReadOnlyMemory<byte>? data = null;
        foreach (EventEntry entry in emitted.Event.Event.Entries)
        {
            if (entry.Codec != Multicodec.Raw) return null;

            ReadOnlySpan<byte> key = entry.Key.Span;
            if (key.SequenceEqual("d"u8))
            {
                if (data is not null) return null;

                data = entry.Value;
            }
            else if (key.Length == 2 && key[0] == 't' && key[1] is >= (byte)'1' and < (byte)'1' + MaxTopics)
            {
                ref EthWord? topic = ref topics[key[1] - '1'];
                if (topic is not null || entry.Value.Length != EthWord.Length) return null;

                topic = EthWord.Of(entry.Value.Span);
            }
        }

        int count = topics.TakeWhile(static topic => topic is not null).Count();
        return topics.Skip(count).Any(static topic => topic is not null)
            ? null
            : new EthLog([.. topics.Take(count).Select(static topic => topic!.Value)], data ?? default, emitted.CallsBefore);
    }
}
