using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Results of a block's messages as Ethereum tools want them (Lotus: <c>node/impl/eth</c>).</summary>
internal static class MessageResults
{
    private const int MaxTopics = 4;

    /// <summary>The messages of a block.</summary>
    /// <param name="result">Of its execution.</param>
    /// <param name="chosen">The messages as the pool had them.</param>
    /// <param name="state">The state behind the block.</param>
    public static IReadOnlyList<LocalMessage> Read(TipsetResult result, IReadOnlyList<PoolMessage> chosen, StateView state)
    {
        Dictionary<Cid, PoolMessage> sources = chosen.ToDictionary(static message => message.Message.Cid);
        List<LocalMessage> messages = [];
        ulong gas = 0;
        int logs = 0;
        foreach (AppliedMessage applied in result.Messages)
        {
            if (applied.Source is not ChainMessage source)
            {
                continue;
            }

            PoolMessage waited = sources[source.Cid];
            gas += applied.Ret.Receipt.GasUsed;
            IReadOnlyList<LocalLog> own = LogsOf(applied.Ret, state, logs);
            logs += own.Count;
            messages.Add(new LocalMessage
            {
                Hash = waited.Hash,
                Message = waited.Message,
                Transaction = waited.Transaction,
                Ret = applied.Ret,
                From = state.AddressOf(source.Message.From) ?? default,
                To = waited.Transaction is EthTransaction transaction ? transaction.To : state.AddressOf(source.Message.To),
                Created = CreatedBy(source.Message, applied.Ret),
                Index = messages.Count,
                IsUnchecked = waited.Unchecked,
                CumulativeGas = gas,
                Logs = own,
            });
        }

        return messages;
    }

    /// <summary>The logs of a message: those of its events whose entries are all raw bytes under the keys of topics and data.</summary>
    /// <param name="ret">The message's result.</param>
    /// <param name="state">The state behind it.</param>
    /// <param name="first">The number of the first log.</param>
    public static IReadOnlyList<LocalLog> LogsOf(ApplyRet ret, StateView state, int first) =>
        LogsOf(ret.Events, (_, emitter) => state.AddressOf(emitter), first);

    /// <summary>The logs among events.</summary>
    /// <param name="events">The events.</param>
    /// <param name="addressOf">The address of a log's emitter, by the log's number among these.</param>
    /// <param name="first">The number of the first log.</param>
    public static IReadOnlyList<LocalLog> LogsOf(IReadOnlyList<StampedEvent> events, Func<int, ActorId, EthAddress> addressOf, int first)
    {
        List<LocalLog> logs = [];
        foreach (StampedEvent stamped in events)
        {
            if (TryReadLog(stamped.Event, out EthHash[] topics, out ReadOnlyMemory<byte> data))
            {
                logs.Add(new LocalLog(addressOf(logs.Count, stamped.Emitter), topics, data, first + logs.Count));
            }
        }

        return logs;
    }

    /// <summary>The contract that a message created; null if none.</summary>
    public static EthAddress? CreatedBy(Message message, ApplyRet ret)
    {
        if (!ret.Receipt.ExitCode.IsSuccess || message.Method != EthTransaction.CreateExternal
            || message.To != Address.NewId(ActorId.EthereumAddressManager))
        {
            return null;
        }

        try
        {
            // Actor ID, robust address or null, Ethereum address.
            CborReader reader = new(ret.Receipt.ReturnData.Span);
            reader.ReadArrayHeader(3);
            _ = reader.ReadUInt();
            reader.Skip();
            return new EthAddress(reader.ReadBytes());
        }
        catch (Exception exception) when (exception is CborException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The bytes that a contract returned: the content of a byte string, or all of it if it is none.</summary>
    public static byte[] ReturnOf(ReadOnlySpan<byte> returned)
    {
        if (returned.IsEmpty)
        {
            return [];
        }

        try
        {
            CborReader reader = new(returned);
            byte[] content = reader.ReadBytes().ToArray();
            reader.EnsureEnd();
            return content;
        }
        catch (CborException)
        {
            return returned.ToArray();
        }
    }

    private static bool TryReadLog(ActorEvent actorEvent, out EthHash[] topics, out ReadOnlyMemory<byte> data)
    {
        ReadOnlyMemory<byte>?[] found = new ReadOnlyMemory<byte>?[MaxTopics];
        ReadOnlyMemory<byte>? body = null;
        topics = [];
        data = default;
        foreach (EventEntry entry in actorEvent.Entries)
        {
            if (entry.Codec != Multicodec.Raw)
            {
                return false;
            }

            ReadOnlySpan<byte> key = entry.Key.Span;
            if (key.Length == 2 && key[0] == 't' && key[1] is >= (byte)'1' and <= (byte)'4')
            {
                int number = key[1] - '1';
                if (entry.Value.Length != EthHash.Length || found[number] is not null)
                {
                    return false;
                }

                found[number] = entry.Value;
            }
            else if (key.Length == 1 && key[0] == 'd')
            {
                if (body is not null)
                {
                    return false;
                }

                body = entry.Value;
            }
        }

        int count = Array.FindIndex(found, static topic => topic is null) is int gap and >= 0 ? gap : MaxTopics;
        if (found.AsSpan(count).ContainsAnyExcept((ReadOnlyMemory<byte>?)null))
        {
            return false;
        }

        topics = [.. found.Take(count).Select(static topic => new EthHash(topic!.Value.Span))];
        data = body ?? default;
        return true;
    }
}
