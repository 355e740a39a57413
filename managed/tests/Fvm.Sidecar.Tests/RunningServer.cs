using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Fvm.Sidecar.Tests;

/// <summary>A server in this process on a socket of its own, and a channel to it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private RunningServer(WebApplication app, DirectoryInfo folder, string socket)
    {
        _app = app;
        _folder = folder;
        Socket = socket;
        Channel = Connect(socket);
    }

    public string Socket { get; }

    public GrpcChannel Channel { get; }

    /// <summary>The port of TCP.</summary>
    public int Port => Ports[^1];

    /// <summary>The port of the metrics' page, which is opened before that of TCP.</summary>
    public int MetricsPort => Ports[0];

    /// <summary>All that it listens on.</summary>
    public IEnumerable<string> Addresses => _app.Urls;

    /// <summary>What its sessions share.</summary>
    public SharedParts Shared => _app.Services.GetRequiredService<SharedParts>();

    /// <summary>Whether the server was asked to stop.</summary>
    public bool IsStopping => _app.Lifetime.ApplicationStopping.IsCancellationRequested;

    private int[] Ports =>
        [.. _app.Urls.Where(static url => !url.StartsWith("http://unix:", StringComparison.Ordinal)).Select(static url => new Uri(url).Port)];

    /// <summary>Asks the server to stop, as SIGTERM does, and waits for its end.</summary>
    public Task StopAsync() => _app.StopAsync();

    public static async Task<RunningServer> StartAsync(Func<SidecarOptions, SidecarOptions>? change = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fvm-sidecar-");
        string socket = Path.Combine(folder.FullName, "s");
        SidecarOptions options = new() { SocketPath = socket };
        return new RunningServer(await SidecarServer.StartAsync(change is null ? options : change(options)), folder, socket);
    }

    public static GrpcChannel Connect(string socket) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancelled) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancelled);
                return new NetworkStream(connection, ownsSocket: true);
            },
        },
        MaxReceiveMessageSize = 64 << 20,

        // Else a disposed channel keeps its connection for a minute.
        DisposeHttpClient = true,
    });

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
