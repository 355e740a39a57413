namespace Fvm.Chain;

/// <summary>
/// JSON-RPC over a WebSocket: the calls of several threads share one connection, which is made when it is needed, and made anew when it breaks.
/// </summary>
internal sealed class WebSocketRpcTransport(RpcEndpoint endpoint, RpcSettings settings) : IRpcTransport
{
    private readonly SemaphoreSlim _gate = new(1);
    private RpcWebSocket? _socket;
    private bool _disposed;

    /// <inheritdoc/>
    // One call: nodes of Lotus take no batches over a WebSocket, so the client makes none; calls need not wait for the answers of others.
    public async Task<IReadOnlyList<RpcAnswer>> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellation)
    {
        RpcWebSocket socket = await OpenAsync(cancellation).ConfigureAwait(false);
        return [await socket.CallAsync(calls.Single(), cancellation).ConfigureAwait(false)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Volatile.Read(ref _socket)?.Dispose();
    }

    private async Task<RpcWebSocket> OpenAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _socket) is { IsOpen: true } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_socket is { IsOpen: true } other)
            {
                return other;
            }

            _socket?.Dispose();
            _socket = null;
            ObjectDisposedException.ThrowIf(_disposed, this);
            RpcWebSocket socket = await RpcWebSocket.ConnectAsync(endpoint, settings, cancellation).ConfigureAwait(false);
            Volatile.Write(ref _socket, socket);
            return socket;
        }
        finally
        {
            _gate.Release();
        }
    }
}
