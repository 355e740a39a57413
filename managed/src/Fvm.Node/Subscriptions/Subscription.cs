using System.Text.Json;

namespace Fvm.Node;

/// <summary>What is pushed to a client.</summary>
/// <param name="id">The subscription's name.</param>
/// <param name="kind">What it is about.</param>
/// <param name="query">Which logs, for those.</param>
/// <param name="isFull">Whether messages are pushed, not their hashes.</param>
/// <param name="session">The connection.</param>
internal sealed class Subscription(string id, FilterKind kind, LogQuery query, bool isFull, RpcSession session)
{
    public RpcSession Session => session;

    /// <summary>Pushes what a change of the chain has for it.</summary>
    public void Push(ChainChange change)
    {
        if (kind == FilterKind.Blocks)
        {
            foreach (LocalBlock block in change.Added)
            {
                Push(json =>
                {
                    json.WriteStartObject();
                    ChainJson.WriteHeader(json, block);
                    json.WriteEndObject();
                });
            }
        }
        else if (kind == FilterKind.Logs)
        {
            foreach (WatchedLog log in WatchedLog.Of(change, query))
            {
                Push(log.WriteTo);
            }
        }
    }

    /// <summary>Pushes a message that was accepted.</summary>
    public void Push(PoolMessage message)
    {
        if (kind == FilterKind.Messages)
        {
            Push(json =>
            {
                if (isFull)
                {
                    ChainJson.WriteWaiting(json, message);
                }
                else
                {
                    json.WriteHash(message.Hash);
                }
            });
        }
    }

    private void Push(Action<Utf8JsonWriter> result) => session.PushEvent(RpcDispatcher.Notification(id, result));
}
