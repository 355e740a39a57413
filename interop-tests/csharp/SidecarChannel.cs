using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace SidecarClient;

/// <summary>Channels to the server, for any number of machines. They connect again after the server was away.</summary>
public static class SidecarChannel
{
    private const string Scheme = "https://";

    // The server's limit of a frame, with room for what gRPC adds.
    private const int MaxFrameBytes = 17 << 20;

    /// <summary>To the path of a Unix socket, or to https://HOST:PORT with the files that FVM_SIDECAR_CA, FVM_SIDECAR_CERTIFICATE, FVM_SIDECAR_KEY
    /// and FVM_SIDECAR_TOKEN name.</summary>
    public static GrpcChannel Connect(string address) => address.StartsWith(Scheme, StringComparison.Ordinal)
        ? ConnectTls(address, File("CA") ?? string.Empty, File("CERTIFICATE"), File("KEY"), File("TOKEN"))
        : ConnectSocket(address);

    /// <summary>To the path of a Unix socket.</summary>
    public static GrpcChannel ConnectSocket(string path)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancelled) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancelled);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        return Open("http://localhost", handler, null);
    }

    /// <summary>To https://HOST:PORT.</summary>
    /// <param name="address">The address.</param>
    /// <param name="authorities">The file with the authorities of the server's certificate, in PEM.</param>
    /// <param name="certificate">The file with the client's certificate, in PEM, if the server wants one.</param>
    /// <param name="key">The file with its key.</param>
    /// <param name="token">The file with the bearer token, if the server wants one.</param>
    public static GrpcChannel ConnectTls(string address, string authorities, string? certificate, string? key, string? token)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorities);
        SocketsHttpHandler handler = new() { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)];
        }

        if (token is null)
        {
            return Open(address, handler, null);
        }

        string bearer = $"Bearer {System.IO.File.ReadAllText(token).Trim()}";
        CallCredentials call = CallCredentials.FromInterceptor((_, headers) =>
        {
            headers.Add("authorization", bearer);
            return Task.CompletedTask;
        });
        return Open(address, handler, ChannelCredentials.Create(ChannelCredentials.SecureSsl, call));
    }

    private static string? File(string name) => Environment.GetEnvironmentVariable($"FVM_SIDECAR_{name}");

    private static GrpcChannel Open(string address, SocketsHttpHandler handler, ChannelCredentials? credentials)
    {
        handler.EnableMultipleHttp2Connections = true;
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            Credentials = credentials,
            MaxReceiveMessageSize = MaxFrameBytes,
            DisposeHttpClient = true,
        });
    }
}
