using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;

namespace Fvm.Sidecar;

/// <summary>
/// What the sessions of a connection teach about blocks that will be wanted: many clients open a session per machine. Of one connection, as another
/// client must not decide what this one is asked.
/// </summary>
internal sealed class ConnectionHints
{
    /// <summary>What machines read earlier.</summary>
    public EarlierReads Earlier { get; } = new();

    /// <summary>How guesses fare.</summary>
    public GuessShares Guesses { get; } = new();

    /// <summary>Those of the connection that a call came by.</summary>
    public static ConnectionHints Of(ServerCallContext call)
    {
        if (call.GetHttpContext().Features.Get<IConnectionItemsFeature>()?.Items is not IDictionary<object, object?> items)
        {
            return new ConnectionHints();
        }

        lock (items)
        {
            if (items.TryGetValue(typeof(ConnectionHints), out object? found) && found is ConnectionHints hints)
            {
                return hints;
            }

            hints = new ConnectionHints();
            items[typeof(ConnectionHints)] = hints;
            return hints;
        }
    }
}
