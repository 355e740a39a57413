using System.Globalization;
using System.Net.Sockets;
using Fvm.Files;
using Fvm.Vectors;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fvm.Diff;

/// <summary>Where a sidecar listens: the path of a Unix socket, or HOST:PORT.</summary>
internal static class SidecarAddress
{
    /// <summary>The environment variable that names the file with the bearer token, if the sidecar wants one.</summary>
    private const string TokenVariable = "FVM_SIDECAR_TOKEN";

    private const int MaxTokenBytes = 4 << 10;
    private static readonly TimeSpan TimeToConnect = TimeSpan.FromSeconds(10);

    /// <summary>A channel to an address; it connects with the first call.</summary>
    /// <param name="name">The side as the user named it.</param>
    /// <param name="address">The address.</param>
    /// <param name="maxAnswerBytes">Bytes of one answer.</param>
    /// <exception cref="InputException">It is no address.</exception>
    public static GrpcChannel Connect(string name, string address, int maxAnswerBytes)
    {
        SocketsHttpHandler handler = new() { ConnectTimeout = TimeToConnect, EnableMultipleHttp2Connections = true };
        string target = $"http://{address}";
        if (address.Contains('/', StringComparison.Ordinal) || File.Exists(address))
        {
            target = "http://localhost";
            handler.ConnectCallback = async (_, cancelled) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(address), cancelled).ConfigureAwait(false);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            };
        }
        else if (!IsHostAndPort(address))
        {
            handler.Dispose();
            throw new InputException($"{name}: '{address}' is neither the path of a socket (./SOCKET in this folder) nor HOST:PORT");
        }

        return GrpcChannel.ForAddress(target, new GrpcChannelOptions
        {
            HttpHandler = handler,
            MaxReceiveMessageSize = maxAnswerBytes,
            MaxSendMessageSize = null,
            DisposeHttpClient = true,
        });
    }

    /// <summary>The headers of each call: the token, if the environment names one.</summary>
    /// <exception cref="FileException">The token's file cannot be read.</exception>
    public static Metadata Headers() => Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } file
        ? new Metadata { { "authorization", $"Bearer {System.Text.Encoding.ASCII.GetString(InputFile.ReadAllBytes(file, MaxTokenBytes)).Trim()}" } }
        : [];

    private static bool IsHostAndPort(string address)
    {
        int colon = address.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && Uri.TryCreate($"http://{address}", UriKind.Absolute, out Uri? uri)
            && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0;
    }
}
