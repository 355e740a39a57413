using System.Text.Json;

namespace Fvm.Node;

/// <summary>What a client fetches by eth_getFilterChanges. Thread-safe.</summary>
/// <param name="kind">What it collects.</param>
/// <param name="query">Which logs, for those.</param>
/// <param name="source">The filter as it was given, for eth_getFilterLogs; undefined for other kinds.</param>
internal sealed class Filter(FilterKind kind, LogQuery query, JsonElement source)
{
    // Of one filter: a client that fetches seldom asks for the logs themselves.
    private const int MaxItems = 10_000;

    private readonly Lock _gate = new();
    private List<Action<Utf8JsonWriter>> _items = [];
    private bool _isFull;

    public FilterKind Kind => kind;

    public JsonElement Source => source;

    /// <summary>When the client has asked last, as a running number.</summary>
    public long LastUse { get; set; }

    /// <summary>Takes what a change of the chain has for it.</summary>
    public void Take(ChainChange change)
    {
        if (kind == FilterKind.Blocks)
        {
            Take(change.Added.Select(static block => (Action<Utf8JsonWriter>)(json => json.WriteHash(block.Hash))));
        }
        else if (kind == FilterKind.Logs)
        {
            Take(WatchedLog.Of(change, query).Select(static log => (Action<Utf8JsonWriter>)log.WriteTo));
        }
    }

    /// <summary>Takes a message that was accepted.</summary>
    public void Take(PoolMessage message)
    {
        if (kind == FilterKind.Messages)
        {
            EthHash hash = message.Hash;
            Take([json => json.WriteHash(hash)]);
        }
    }

    /// <summary>Gives out what was taken since the last time.</summary>
    /// <exception cref="RpcException">It was too much to be kept.</exception>
    public IReadOnlyList<Action<Utf8JsonWriter>> Fetch()
    {
        lock (_gate)
        {
            bool isFull = _isFull;
            List<Action<Utf8JsonWriter>> items = _items;
            _items = [];
            _isFull = false;
            return isFull
                ? throw new RpcException(
                    RpcErrorCode.LimitExceeded, $"more than {MaxItems} changes since the last call, which are not kept: ask for them by eth_getLogs")
                : items;
        }
    }

    private void Take(IEnumerable<Action<Utf8JsonWriter>> items)
    {
        lock (_gate)
        {
            foreach (Action<Utf8JsonWriter> item in items)
            {
                if (_isFull || _items.Count == MaxItems)
                {
                    _isFull = true;
                    _items = [];
                    return;
                }

                _items.Add(item);
            }
        }
    }
}
