using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Fvm.Sidecar;

/// <summary>Accepts connections to the Unix socket: the first ones have a thread each, and others beyond these Kestrel's transport.</summary>
internal sealed class ThreadListener(Socket socket, EndPoint address, SocketConnectionContextFactory others) : IConnectionListener
{
    // Of connections at a time: more sessions than processors gain nothing from threads of their own.
    private const int MaxThreads = 128;

    private int _threads;
    private long _last;

    /// <inheritdoc/>
    public EndPoint EndPoint => address;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                return Serve(await socket.AcceptAsync(cancellationToken));
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return null;
            }
            catch (SocketException)
            {
                // The peer was gone before it was accepted.
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        others.Dispose();
        return ValueTask.CompletedTask;
    }

    private ConnectionContext Serve(Socket accepted)
    {
        if (Interlocked.Increment(ref _threads) > MaxThreads)
        {
            Interlocked.Decrement(ref _threads);
            return others.Create(accepted);
        }

        string id = "unix-" + Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        ThreadConnection connection = new(accepted, id, () => Interlocked.Decrement(ref _threads));
        try
        {
            connection.Start();
            return connection;
        }
        catch (OutOfMemoryException)
        {
            Interlocked.Decrement(ref _threads);
            return others.Create(accepted);
        }
    }
}
