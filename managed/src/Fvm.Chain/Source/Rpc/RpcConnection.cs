namespace Fvm.Chain;

/// <summary>How connections to nodes are made, whatever is spoken over them.</summary>
internal static class RpcConnection
{
    /// <summary>How long a node may take to accept a connection.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A handler without redirects: the token would go to another host.</summary>
    public static SocketsHttpHandler CreateHandler() => new() { AllowAutoRedirect = false, ConnectTimeout = Timeout, UseCookies = false };
}
