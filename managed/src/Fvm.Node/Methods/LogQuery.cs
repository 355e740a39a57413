using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Which logs a client wants: by addresses and topics.</summary>
internal sealed class LogQuery
{
    /// <summary>Maximum number of logs in a result.</summary>
    public const int MaxResults = 10_000;

    private const int MaxTopics = 4;
    private const int MaxChoices = 1_000;

    private readonly HashSet<EthAddress> _addresses = [];

    // Per position the choices; empty for any.
    private readonly List<HashSet<EthHash>> _topics = [];

    private LogQuery()
    {
    }

    /// <summary>Reads the members <c>address</c> and <c>topics</c> of a filter.</summary>
    /// <exception cref="RpcException">They are malformed.</exception>
    public static LogQuery Read(RpcValue filter)
    {
        LogQuery query = new();
        if (filter.IsMissing)
        {
            return query;
        }

        RpcValue address = filter["address"];
        foreach (RpcValue item in address.IsArray ? address.Items(MaxChoices) : address.IsMissing ? [] : [address])
        {
            _ = query._addresses.Add(item.EthAddress());
        }

        RpcValue topics = filter["topics"];
        foreach (RpcValue position in topics.IsMissing ? [] : topics.Items(MaxTopics))
        {
            HashSet<EthHash> choices = [];
            bool any = position.IsMissing;
            foreach (RpcValue choice in position.IsArray ? position.Items(MaxChoices) : position.IsMissing ? [] : [position])
            {
                any |= choice.IsMissing;
                if (!choice.IsMissing)
                {
                    _ = choices.Add(choice.Hash());
                }
            }

            query._topics.Add(any ? [] : choices);
        }

        return query;
    }

    /// <summary>Whether a log is wanted.</summary>
    public bool Matches(LocalLog log)
    {
        if ((_addresses.Count > 0 && !_addresses.Contains(log.Address)) || log.Topics.Length < _topics.Count)
        {
            return false;
        }

        for (int i = 0; i < _topics.Count; i++)
        {
            if (_topics[i].Count > 0 && !_topics[i].Contains(log.Topics[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The wanted logs of a block.</summary>
    public IEnumerable<(LocalBlock Block, LocalMessage Message, LocalLog Log)> In(LocalBlock block) =>
        from message in block.Messages
        from log in message.Logs
        where Matches(log)
        select (block, message, log);

    /// <summary>The wanted logs of blocks, in order.</summary>
    /// <exception cref="RpcException">They are too many.</exception>
    public IReadOnlyList<(LocalBlock Block, LocalMessage Message, LocalLog Log)> In(IEnumerable<LocalBlock> blocks)
    {
        List<(LocalBlock, LocalMessage, LocalLog)> found = [];
        foreach ((LocalBlock, LocalMessage, LocalLog) match in blocks.SelectMany(In))
        {
            if (found.Count == MaxResults)
            {
                throw new RpcException(RpcErrorCode.LimitExceeded, $"more than {MaxResults} logs match: ask for fewer blocks at a time");
            }

            found.Add(match);
        }

        return found;
    }

    /// <summary>The blocks that a filter is about: by <c>blockHash</c>, or from <c>fromBlock</c> to <c>toBlock</c>.</summary>
    /// <exception cref="RpcException">The members are malformed or contradict each other.</exception>
    public static IEnumerable<LocalBlock> BlocksOf(RpcValue filter, LocalChain chain)
    {
        BlockLookup lookup = new(chain);
        if (!filter.IsMissing && filter["blockHash"] is { IsMissing: false } hash)
        {
            if (!filter["fromBlock"].IsMissing || !filter["toBlock"].IsMissing)
            {
                throw RpcException.InvalidParams($"{filter.Place}: blockHash goes without fromBlock and toBlock");
            }

            return [lookup.OfState(BlockReference.OfHash(hash.Hash()))];
        }

        ulong first = lookup.NumberOf(Bound("fromBlock"));
        ulong last = Math.Min(lookup.NumberOf(Bound("toBlock")), chain.Head.Number);
        return first > last ? [] : chain.Range(first, last);

        BlockReference Bound(string name) =>
            !filter.IsMissing && filter[name] is { IsMissing: false } bound ? bound.Block() : BlockReference.Latest;
    }
}
