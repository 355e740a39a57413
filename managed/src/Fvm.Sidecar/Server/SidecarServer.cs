using System.Runtime.InteropServices;
using Grpc.HealthCheck;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>The server: gRPC over a Unix socket.</summary>
internal static class SidecarServer
{
    // Only the owner reads and writes: 0600.
    private const uint SocketMask = 0x7F;

    /// <summary>Starts the server.</summary>
    /// <returns>The running server; disposing it stops it.</returns>
    /// <exception cref="IOException">The socket cannot be made.</exception>
    public static async Task<WebApplication> StartAsync(SidecarOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        SharedParts shared = new(options);
        shared.Lanes.Prepare();
        builder.Services.AddSingleton(shared);
        builder.Services.AddSingleton(_ => Health());
        builder.Services.AddSingleton(_ => new ReflectionServiceImpl(
            Protocol.V1.SessionService.Descriptor, Protocol.V1.ExecutionService.Descriptor, Grpc.Health.V1.Health.Descriptor,
            Grpc.Reflection.V1Alpha.ServerReflection.Descriptor));
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxFrameBytes;
            grpc.MaxSendMessageSize = options.MaxFrameBytes;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(options.SocketPath, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.Use(PeerCredentials.Guard);
        }));
        WebApplication app = builder.Build();
        app.MapGrpcService<SessionService>();
        app.MapGrpcService<ExecutionService>();
        app.MapGrpcService<HealthServiceImpl>();
        app.MapGrpcService<ReflectionServiceImpl>();

        // Left by a server that was killed.
        File.Delete(options.SocketPath);
        uint mask = umask(SocketMask);
        try
        {
            await app.StartAsync();
        }
        finally
        {
            _ = umask(mask);
        }

        return app;
    }

    private static HealthServiceImpl Health()
    {
        HealthServiceImpl health = new();
        foreach (string service in (ReadOnlySpan<string>)
            [string.Empty, Protocol.V1.SessionService.Descriptor.FullName, Protocol.V1.ExecutionService.Descriptor.FullName])
        {
            health.SetStatus(service, Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving);
        }

        return health;
    }

    [DllImport("libc")]
    private static extern uint umask(uint mask);
}
