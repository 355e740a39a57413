using System.Runtime.InteropServices;
using System.Security.Authentication;
using Fvm.Files;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Fvm.Sidecar;

/// <summary>The server: gRPC over a Unix socket, or TCP.</summary>
internal static class SidecarServer
{
    // Only the owner reads and writes: 0600.
    private const uint SocketMask = 0x7F;

    // Streams that one connection may open before the others end; each session is one.
    private const int StreamsPerConnection = 1_000;

    // Bytes of a stream that Kestrel holds for its client.
    private const int MaxBufferedResponse = 512 << 10;

    private static readonly string[] Services =
    [
        string.Empty, Protocol.V1.SessionService.Descriptor.FullName, Protocol.V1.ExecutionService.Descriptor.FullName,
        Protocol.V1.BlockService.Descriptor.FullName,
    ];

    /// <summary>Starts the server.</summary>
    /// <returns>The running server; disposing it stops it.</returns>
    /// <exception cref="IOException">The socket or port cannot be had.</exception>
    public static async Task<WebApplication> StartAsync(SidecarOptions options)
    {
        // Empty: no settings from the environment and from a file in the current folder, which could open ports without credentials.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (options.Log is ILoggerProvider log)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(static sockets =>
        {
            // Else each read is two calls of the system: one that waits for data, and one that takes them.
            sockets.WaitForDataBeforeAllocatingBuffer = false;

            // What a thread reads it parses, and what it makes it sends: 4 % less processor time for a message of `carried` as one call than with a
            // change of threads in between. Sound: what runs there are Kestrel's reader and writer, which wait for nobody; calls have other threads.
            sockets.UnsafePreferInlineScheduling = true;
        });
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        HealthServiceImpl health = new();
        SetHealth(health, HealthCheckResponse.Types.ServingStatus.Serving);
        builder.Services.AddSingleton(services =>
            new SharedParts(options, services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(Fvm))));
        builder.Services.AddSingleton(static _ => MetricsPage.Collect());
        builder.Services.AddSingleton(services => TraceExport.Collect(
            options.Collector!, options.Sampling, services.GetRequiredService<SharedParts>().Telemetry.Log));
        builder.Services.AddSingleton(health);
        builder.Services.AddSingleton(new BlockSets(options.MaxUploadBytes));
        builder.Services.AddSingleton(_ => new ReflectionServiceImpl(
            Protocol.V1.SessionService.Descriptor, Protocol.V1.ExecutionService.Descriptor, Protocol.V1.BlockService.Descriptor,
            Health.Descriptor, Grpc.Reflection.V1Alpha.ServerReflection.Descriptor));
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxFrameBytes;
            grpc.MaxSendMessageSize = options.MaxFrameBytes;
        });
        WebApplication app = builder.Build();
        try
        {
            Configure(app, options, health);
            await StartAsync(app, options.SocketPath);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return app;
    }

    private static void Configure(WebApplication app, SidecarOptions options, HealthServiceImpl health)
    {
        // Disposed of with the server, once it was asked for.
        SharedParts shared = app.Services.GetRequiredService<SharedParts>();
        shared.Lanes.Prepare();
        Watch(app, shared);
        app.Use(UnreadMessage.Drop);
        app.Use(new CredentialCheck(options.Token, shared.Telemetry).Guard);
        app.MapGrpcService<SessionService>();
        app.MapGrpcService<ExecutionService>();
        app.MapGrpcService<BlockService>();
        app.MapGrpcService<HealthServiceImpl>();
        app.MapGrpcService<ReflectionServiceImpl>();
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            shared.Telemetry.Log.Stopping(shared.Sessions, shared.Queued);
            SetHealth(health, HealthCheckResponse.Types.ServingStatus.NotServing);
            shared.Stop();
        });
    }

    private static async Task StartAsync(WebApplication app, string? socket)
    {
        if (socket is null)
        {
            await app.StartAsync();
            return;
        }

        SocketFile.Clear(socket);
        uint mask = umask(SocketMask);
        try
        {
            await app.StartAsync();
        }
        finally
        {
            _ = umask(mask);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, SidecarOptions options)
    {
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;

        // Frames beyond it are waited for, by a thread of the pool: new blocks of a few messages are more than the 64 KiB of Kestrel's default.
        kestrel.Limits.MaxResponseBufferSize = MaxBufferedResponse;
        if (options.SocketPath is string path)
        {
            SidecarTelemetry telemetry = kestrel.ApplicationServices.GetRequiredService<SharedParts>().Telemetry;
            kestrel.ListenUnixSocket(path, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http2;
                endpoint.Use(next => PeerCredentials.Guard(next, telemetry));
                endpoint.Use(CredentialCheck.MarkOwner);
            });
        }

        if (options.Metrics is not null)
        {
            kestrel.Listen(options.Metrics, static endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                endpoint.Use(MetricsPage.Mark);
            });
        }

        if (options.Listen is not null)
        {
            kestrel.Listen(options.Listen, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http2;
                if (options.Tls is TlsSettings tls)
                {
                    endpoint.UseHttps(https => Secure(https, tls));
                }
            });
        }
    }

    // The page of metrics comes before the check of credentials, which are for the other listeners.
    private static void Watch(WebApplication app, SharedParts shared)
    {
        if (shared.Options.Metrics is not null)
        {
            SidecarGauges.Add(shared.Telemetry.Metrics.Meter, shared, app.Services.GetRequiredService<BlockSets>());
            MetricsPage.Map(app, app.Services.GetRequiredService<MeterProvider>());
        }

        if (shared.Options.Collector is not null)
        {
            _ = app.Services.GetRequiredService<TracerProvider>();
        }
    }

    private static void Secure(HttpsConnectionAdapterOptions https, TlsSettings tls)
    {
        https.ServerCertificate = tls.Certificate;
        https.ServerCertificateChain = tls.Intermediates;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (tls.ClientAuthorities is not null)
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, chain, _) => tls.Accepts(certificate, chain?.ChainElements);
        }
    }

    private static void SetHealth(HealthServiceImpl health, HealthCheckResponse.Types.ServingStatus status)
    {
        foreach (string service in Services)
        {
            health.SetStatus(service, status);
        }
    }

    [DllImport("libc")]
    private static extern uint umask(uint mask);
}
