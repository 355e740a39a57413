using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Fvm.Sidecar;

/// <summary>The page of metrics for Prometheus: the only one of its listener, and of no other.</summary>
internal static class MetricsPage
{
    private const string PagePath = "/metrics";

    // The runtime's own: memory, collections, processor time.
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>Marks connections to the page's listener.</summary>
    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(new ReadersConnection());
        return next(connection);
    };

    /// <summary>Begins to collect metrics.</summary>
    public static MeterProvider Collect() => Sdk.CreateMeterProviderBuilder()
        .AddMeter(SidecarMetrics.MeterName)
        .AddMeter(RuntimeMeter)
        .AddPrometheusExporter(static page =>
        {
            page.ScopeInfoEnabled = false;
            page.TargetInfoEnabled = false;
        })
        .Build();

    /// <summary>Serves the page, and nothing else, on the marked connections.</summary>
    public static void Map(IApplicationBuilder app, MeterProvider metrics) => app.MapWhen(
        static context => context.Features.Get<ReadersConnection>() is not null,
        readers =>
        {
            readers.UseOpenTelemetryPrometheusScrapingEndpoint(
                metrics, IsRead, path: null, configureBranchedPipeline: null, optionsName: null);
            readers.Run(static context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });

    private static bool IsRead(HttpContext context) =>
        context.Request.Path == PagePath && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));

    private sealed class ReadersConnection;
}
