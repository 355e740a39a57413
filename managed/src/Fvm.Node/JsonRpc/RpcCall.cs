using System.Text.Json;

namespace Fvm.Node;

/// <summary>One request, while it is answered.</summary>
internal sealed class RpcCall
{
    /// <summary>The name by which the method was called.</summary>
    public required string Method { get; init; }

    /// <summary>The request's ID as JSON; empty for a notification.</summary>
    public string Id { get; init; } = string.Empty;

    public required RpcParameters Parameters { get; init; }

    /// <summary>Takes the result, one JSON value; null if nothing is written.</summary>
    public required Utf8JsonWriter Result { get; init; }

    /// <summary>The connection for notifications; null over HTTP.</summary>
    public RpcSession? Session { get; init; }

    /// <summary>Cancelled once the client is gone.</summary>
    public CancellationToken Cancellation { get; init; }
}
