using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fvm.Sidecar;

/// <summary>Kestrel's transport for Unix sockets: <see cref="ThreadListener"/>. Other addresses are left to Kestrel's own.</summary>
internal sealed class ThreadTransport(IOptions<SocketTransportOptions> options, ILoggerFactory logs)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is UnixDomainSocketEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket = options.Value.CreateBoundListenSocket(endpoint);
        try
        {
            socket.Listen(options.Value.Backlog);
            SocketConnectionContextFactory others = new(
                new SocketConnectionFactoryOptions
                {
                    WaitForDataBeforeAllocatingBuffer = options.Value.WaitForDataBeforeAllocatingBuffer,
                    UnsafePreferInlineScheduling = options.Value.UnsafePreferInlineScheduling,
                },
                logs.CreateLogger(nameof(ThreadTransport)));
            return ValueTask.FromResult<IConnectionListener>(new ThreadListener(socket, endpoint, others));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
