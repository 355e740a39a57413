namespace Fvm.Node;

/// <summary>What one client may ask for.</summary>
internal sealed record RpcLimits
{
    /// <summary>Bytes of one request or batch.</summary>
    public int MaxRequestBytes { get; init; } = 16 << 20;

    /// <summary>Nesting of a request's JSON.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Requests of one batch.</summary>
    public int MaxBatch { get; init; } = 1_000;

    /// <summary>Bytes of a batch's responses: the requests behind are refused.</summary>
    public int MaxBatchResponseBytes { get; init; } = 64 << 20;

    /// <summary>Requests of one WebSocket or IPC connection that wait for something, such as a receipt.</summary>
    public int MaxPending { get; init; } = 64;

    /// <summary>Bytes that a WebSocket or IPC client has not read yet: a client that reads no more is disconnected.</summary>
    public int MaxUnreadBytes { get; init; } = 64 << 20;

    public int MaxConnections { get; init; } = 1_000;
}
