using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fvm.Node;

/// <summary>JSON-RPC over HTTP and WebSocket on one port, on any path, and over a Unix socket.</summary>
internal sealed class RpcServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly RpcServerOptions _options;

    private RpcServer(WebApplication app, RpcServerOptions options)
    {
        _app = app;
        _options = options;
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(static address => address.StartsWith("http://", StringComparison.Ordinal) && !address.Contains("unix:", StringComparison.Ordinal));
        Port = new Uri(bound).Port;
    }

    /// <summary>The port that is listened on.</summary>
    public int Port { get; }

    /// <summary>Starts the server.</summary>
    /// <exception cref="IOException">The port or the socket cannot be had.</exception>
    public static async Task<RpcServer> StartAsync(RpcServerOptions options, RpcDispatcher dispatcher)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (options.Log is ILoggerProvider log)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log);
        }

        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, dispatcher));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = StopTimeout);
        WebApplication app = builder.Build();
        try
        {
            RpcHttp http = new(dispatcher, options.AllowedOrigins, app.Lifetime.ApplicationStopping);
            app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30) });
            app.Run(http.HandleAsync);
            if (options.SocketPath is string path)
            {
                IpcSocket.Clear(path);
            }

            await app.StartAsync();
            if (options.SocketPath is string bound)
            {
                IpcSocket.Restrict(bound);
            }

            return new RpcServer(app, options);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_options.SocketPath is string path)
        {
            File.Delete(path);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, RpcServerOptions options, RpcDispatcher dispatcher)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = dispatcher.Limits.MaxRequestBytes;
        kestrel.Limits.MaxConcurrentConnections = dispatcher.Limits.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = dispatcher.Limits.MaxConnections;
        kestrel.Listen(options.Listen, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        if (options.SocketPath is string path)
        {
            kestrel.ListenUnixSocket(path, endpoint => endpoint.Run(connection => IpcSocket.ServeAsync(connection, dispatcher)));
        }
    }
}
