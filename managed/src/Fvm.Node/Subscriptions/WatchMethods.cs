using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>
/// Filters (eth_newFilter and others, fetched by clients) and subscriptions (eth_subscribe, pushed to them). Both are limited in number; of
/// filters the one that was not asked for longest makes place.
/// </summary>
internal sealed class WatchMethods
{
    private const int MaxFilters = 1_000;
    private const int MaxPerSession = 200;
    private const int MaxSubscriptions = 10_000;

    private readonly LocalChain _chain;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, Filter> _filters = [];
    private readonly SortedDictionary<ulong, Subscription> _subscriptions = [];
    private ulong _last;
    private long _uses;

    /// <param name="chain">The chain that is watched.</param>
    public WatchMethods(LocalChain chain)
    {
        _chain = chain;
        chain.Changed += OnChanged;
        chain.Accepted += OnAccepted;
    }

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        registry.Add("eth_newFilter", call =>
        {
            RpcValue filter = call.Parameters[0, "filter"];
            AddFilter(call, new Filter(FilterKind.Logs, LogQuery.Read(filter), filter.IsMissing ? default : filter.Element.Clone()));
        });
        registry.Add("eth_newBlockFilter", call => AddFilter(call, new Filter(FilterKind.Blocks, LogQuery.Read(default), default)));
        registry.Add("eth_newPendingTransactionFilter", call => AddFilter(call, new Filter(FilterKind.Messages, LogQuery.Read(default), default)));
        registry.Add("eth_getFilterChanges", WriteChanges);
        registry.Add("eth_getFilterLogs", WriteLogs);
        registry.Add("eth_uninstallFilter", call =>
        {
            ulong id = call.Parameters[0, "filter"].Number();
            lock (_gate)
            {
                call.Result.WriteBooleanValue(_filters.Remove(id));
            }
        });
        registry.Add("eth_subscribe", Subscribe);
        registry.Add("eth_unsubscribe", Unsubscribe);
    }

    private void AddFilter(RpcCall call, Filter filter)
    {
        lock (_gate)
        {
            if (_filters.Count == MaxFilters)
            {
                _ = _filters.Remove(_filters.MinBy(static entry => entry.Value.LastUse).Key);
            }

            filter.LastUse = ++_uses;
            _filters.Add(++_last, filter);
            call.Result.WriteQuantity(_last);
        }
    }

    private Filter FilterIn(RpcCall call)
    {
        ulong id = call.Parameters[0, "filter"].Number();
        lock (_gate)
        {
            if (!_filters.TryGetValue(id, out Filter? filter))
            {
                throw new RpcException(RpcErrorCode.ServerError, $"filter not found: there is no filter 0x{id:x}, or no longer");
            }

            filter.LastUse = ++_uses;
            return filter;
        }
    }

    private void WriteChanges(RpcCall call)
    {
        call.Result.WriteStartArray();
        foreach (Action<System.Text.Json.Utf8JsonWriter> item in FilterIn(call).Fetch())
        {
            item(call.Result);
        }

        call.Result.WriteEndArray();
    }

    private void WriteLogs(RpcCall call)
    {
        Filter filter = FilterIn(call);
        if (filter.Kind != FilterKind.Logs)
        {
            throw new RpcException(RpcErrorCode.ServerError, "filter not found: this filter is not about logs");
        }

        RpcValue source = new(filter.Source, "the filter");
        call.Result.WriteStartArray();
        foreach ((LocalBlock block, LocalMessage message, LocalLog log) in LogQuery.Read(source).In(LogQuery.BlocksOf(source, _chain)))
        {
            ChainJson.WriteLog(call.Result, block, message, log, removed: false);
        }

        call.Result.WriteEndArray();
    }

    private void Subscribe(RpcCall call)
    {
        RpcSession session = call.Session
            ?? throw RpcException.NotSupported(call.Method, "notifications need a WebSocket or IPC connection; over HTTP use eth_newFilter");
        RpcValue kind = call.Parameters[0, "subscription"];
        RpcValue option = call.Parameters[1, "option"];
        FilterKind about = kind.Text() switch
        {
            "newHeads" => FilterKind.Blocks,
            "logs" => FilterKind.Logs,
            "newPendingTransactions" => FilterKind.Messages,
            _ => throw kind.Expected("newHeads, logs or newPendingTransactions"),
        };
        bool isFull = about == FilterKind.Messages && !option.IsMissing && option.Bool();
        LogQuery query = LogQuery.Read(about == FilterKind.Logs ? option : default);
        lock (_gate)
        {
            if (_subscriptions.Count == MaxSubscriptions
                || _subscriptions.Values.Count(subscription => subscription.Session == session) == MaxPerSession)
            {
                throw new RpcException(
                    RpcErrorCode.LimitExceeded, $"a connection has at most {MaxPerSession} subscriptions, all of them {MaxSubscriptions}");
            }

            ulong id = ++_last;
            session.HoldEvents();
            _subscriptions.Add(id, new Subscription(EthHex.Of(id), about, query, isFull, session));
            call.Result.WriteQuantity(id);
            _ = session.Closed.Register(() => Remove(id, session));
        }
    }

    private void Unsubscribe(RpcCall call) => call.Result.WriteBooleanValue(
        call.Session is RpcSession session && Remove(call.Parameters[0, "subscription"].Number(), session));

    private bool Remove(ulong id, RpcSession session)
    {
        lock (_gate)
        {
            return _subscriptions.TryGetValue(id, out Subscription? subscription) && subscription.Session == session && _subscriptions.Remove(id);
        }
    }

    private (Filter[] Filters, Subscription[] Subscriptions) Watchers()
    {
        lock (_gate)
        {
            return ([.. _filters.Values], [.. _subscriptions.Values]);
        }
    }

    private void OnChanged(ChainChange change)
    {
        (Filter[] filters, Subscription[] subscriptions) = Watchers();
        foreach (Filter filter in filters)
        {
            filter.Take(change);
        }

        foreach (Subscription subscription in subscriptions)
        {
            subscription.Push(change);
        }
    }

    private void OnAccepted(PoolMessage message)
    {
        (Filter[] filters, Subscription[] subscriptions) = Watchers();
        foreach (Filter filter in filters)
        {
            filter.Take(message);
        }

        foreach (Subscription subscription in subscriptions)
        {
            subscription.Push(message);
        }
    }
}
