using System.Text.Json;
using Fvm.Chain;

namespace Fvm.Node;

/// <summary>
/// <c>Filecoin.ChainNotify</c> as Lotus has it: the answer is the number of a channel, on which changes of the chain's end come as notifications
/// <c>xrpc.ch.val</c>; <c>xrpc.cancel</c> with the ID of the request ends it.
/// </summary>
internal sealed class NotifyMethods
{
    private const int MaxPerSession = 200;
    private const int MaxInAll = 10_000;

    // Of one notification, so that none is long.
    private const int MaxChanges = 100;

    private readonly LocalChain _chain;
    private readonly LotusForms _forms;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, (string Request, RpcSession Session)> _channels = [];
    private ulong _last;

    /// <param name="chain">The chain that is watched.</param>
    /// <param name="forms">Writes tipsets.</param>
    public NotifyMethods(LocalChain chain, LotusForms forms)
    {
        _chain = chain;
        _forms = forms;
        chain.Changed += OnChanged;
    }

    /// <summary>Adds the methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        registry.Add("Filecoin.ChainNotify", Open);
        registry.Add("xrpc.cancel", call =>
        {
            string request = call.Parameters[0, "request"].Element is { ValueKind: not JsonValueKind.Undefined } id ? id.GetRawText() : string.Empty;
            Remove(channel => channel.Session == call.Session && channel.Request == request);
        });
    }

    private void Open(RpcCall call)
    {
        RpcSession session = call.Session
            ?? throw RpcException.NotSupported(call.Method, "notifications need a WebSocket or IPC connection; over HTTP ask for Filecoin.ChainHead");
        lock (_gate)
        {
            if (_channels.Count == MaxInAll || _channels.Values.Count(channel => channel.Session == session) == MaxPerSession)
            {
                throw new RpcException(RpcErrorCode.LimitExceeded, $"a connection has at most {MaxPerSession} channels, all of them {MaxInAll}");
            }

            ulong id = ++_last;
            session.HoldEvents();
            _channels.Add(id, (call.Id, session));
            call.Result.WriteNumberValue(id);
            session.PushEvent(Changes(id, [("current", _chain.Head.Tipset)]));
        }

        _ = session.Closed.Register(() => Remove(channel => channel.Session == session));
    }

    private void OnChanged(ChainChange change)
    {
        KeyValuePair<ulong, (string Request, RpcSession Session)>[] channels;
        lock (_gate)
        {
            channels = [.. _channels];
        }

        if (channels.Length == 0)
        {
            return;
        }

        IEnumerable<(string Kind, Tipset Tipset)> changes = change.Removed.Select(static block => ("revert", block.Tipset))
            .Concat(change.Added.Select(static block => ("apply", block.Tipset)));
        foreach ((string Kind, Tipset Tipset)[] some in changes.Chunk(MaxChanges))
        {
            foreach ((ulong id, (_, RpcSession session)) in channels)
            {
                session.PushEvent(Changes(id, some));
            }
        }
    }

    private byte[] Changes(ulong id, (string Kind, Tipset Tipset)[] changes) => RpcDispatcher.NotificationOf("xrpc.ch.val", json =>
    {
        json.WriteStartArray();
        json.WriteNumberValue(id);
        json.WriteStartArray();
        foreach ((string kind, Tipset tipset) in changes)
        {
            _forms.WriteChange(json, kind, tipset);
        }

        json.WriteEndArray();
        json.WriteEndArray();
    });

    private void Remove(Func<(string Request, RpcSession Session), bool> isOver)
    {
        lock (_gate)
        {
            foreach (ulong id in _channels.Where(channel => isOver(channel.Value)).Select(static channel => channel.Key).ToArray())
            {
                _ = _channels.Remove(id);
            }
        }
    }
}
