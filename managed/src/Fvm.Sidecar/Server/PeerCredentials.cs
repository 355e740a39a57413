using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Fvm.Sidecar;

/// <summary>Refuses connections to the Unix socket by other users than the server's own and root, whatever the socket's mode.</summary>
internal static class PeerCredentials
{
    // Linux: SOL_SOCKET, SO_PEERCRED, and struct ucred of three 32-bit numbers: process, user, group.
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;
    private const int CredentialsLength = 12;
    private const int UserAt = 4;
    private const uint Root = 0;

    /// <summary>Wraps the handling of a connection: one that is refused is closed without a byte.</summary>
    public static ConnectionDelegate Guard(ConnectionDelegate next, SidecarTelemetry telemetry) => connection =>
    {
        Socket? socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is not null && MayConnect(UserOf(socket), geteuid()))
        {
            return next(connection);
        }

        telemetry.RefusedCaller("a connection to the socket by another user");
        connection.Abort(new ConnectionAbortedException("the peer is another user"));
        return Task.CompletedTask;
    };

    /// <summary>Whether a user may connect to the server of another.</summary>
    public static bool MayConnect(uint peer, uint server) => peer == server || peer == Root;

    /// <summary>The user at the other end of a Unix socket.</summary>
    public static uint UserOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialsLength];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, credentials) == CredentialsLength
            ? BitConverter.ToUInt32(credentials[UserAt..])
            : uint.MaxValue;
    }

    [DllImport("libc")]
    private static extern uint geteuid();
}
