using System.Net;
using Microsoft.Extensions.Logging;

namespace Fvm.Node;

/// <summary>Where and for whom the server listens.</summary>
internal sealed record RpcServerOptions
{
    /// <summary>Address and port; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8545);

    /// <summary>The path of a Unix socket for IPC; null for none.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Origins of web pages that may call: <c>*</c> for all; empty for none, without CORS headers.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    public ILoggerProvider? Log { get; init; }
}
