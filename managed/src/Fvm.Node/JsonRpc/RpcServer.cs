using System.Net.Sockets;
using Fvm.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
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
        Addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        Port = new Uri(Addresses.First(static address => !address.Contains("unix:", StringComparison.Ordinal))).Port;
    }

    /// <summary>All that is listened on.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The port that is listened on.</summary>
    public int Port { get; }

    /// <summary>Starts the server.</summary>
    /// <exception cref="IOException">The port or the socket cannot be had.</exception>
    public static Task<RpcServer> StartAsync(RpcServerOptions options, RpcDispatcher dispatcher) =>
        StartAsync(options, dispatcher.Limits, Task.FromResult(dispatcher));

    /// <summary>The same, beside the start of what answers: requests wait for it.</summary>
    /// <exception cref="IOException">The port or the socket cannot be had.</exception>
    public static async Task<RpcServer> StartAsync(RpcServerOptions options, RpcLimits limits, Task<RpcDispatcher> dispatcher)
    {
        // Empty: no settings from the environment and from a file in the current folder, which could open other ports.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (options.Log is ILoggerProvider log)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log);
        }

        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, limits, dispatcher));
        builder.Services.Configure<SocketTransportOptions>(static transport => transport.CreateBoundListenSocket = static place =>
            place is UnixDomainSocketEndPoint file ? IpcSocket.Bind(file) : SocketTransportOptions.CreateDefaultBoundListenSocket(place));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = StopTimeout);
        WebApplication app = builder.Build();
        try
        {
            Task<RpcHttp> http = OpenHttpAsync(app, options, dispatcher);
            app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30) });
            app.Run(async context => await (await http).HandleAsync(context));
            if (options.SocketPath is string path)
            {
                SocketFile.Clear(path);
            }

            await app.StartAsync();
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

    private static async Task<RpcHttp> OpenHttpAsync(WebApplication app, RpcServerOptions options, Task<RpcDispatcher> dispatcher) =>
        new(await dispatcher, options.AllowedOrigins, app.Lifetime.ApplicationStopping);

    private static void Listen(KestrelServerOptions kestrel, RpcServerOptions options, RpcLimits limits, Task<RpcDispatcher> dispatcher)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = limits.MaxRequestBytes;
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = limits.MaxConnections;
        kestrel.Listen(options.Listen, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        if (options.SocketPath is string path)
        {
            kestrel.ListenUnixSocket(path, endpoint => endpoint.Run(async connection => await IpcSocket.ServeAsync(connection, await dispatcher)));
        }
    }
}
