using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Fvm.Sidecar;

/// <summary>Sends spans to a collector, in the background. Those that it does not take are dropped, which the log tells once.</summary>
internal static class TraceExport
{
    private const string ServiceName = "fvm-sidecar";

    /// <summary>Begins to collect spans.</summary>
    /// <param name="collector">The collector: with a path that of OTLP over HTTP, otherwise gRPC.</param>
    /// <param name="sampling">The share of calls that are traced, of those whose client does not say.</param>
    /// <param name="log">The log.</param>
    public static TracerProvider Collect(Uri collector, double sampling, ILogger log) => Sdk.CreateTracerProviderBuilder()
        .AddSource(SidecarTracing.SourceName)
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(sampling)))
        .ConfigureResource(static resource => resource.AddService(ServiceName, serviceVersion: BuildVersion.Version))
        .AddProcessor(new BatchActivityExportProcessor(new LoggedExporter(collector, log)))
        .Build();

    private static OtlpExporterOptions OptionsOf(Uri collector) => new()
    {
        Endpoint = collector,
        Protocol = collector.AbsolutePath.Length > 1 ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
    };

    private sealed class LoggedExporter(Uri collector, ILogger log) : OtlpTraceExporter(OptionsOf(collector))
    {
        private bool _isFailing;

        public override ExportResult Export(in Batch<Activity> batch)
        {
            ExportResult result = base.Export(in batch);
            bool isFailing = result == ExportResult.Failure;
            if (isFailing && !_isFailing)
            {
                log.CollectorFails(collector.ToString());
            }
            else if (_isFailing && !isFailing)
            {
                log.CollectorRecovers(collector.ToString());
            }

            _isFailing = isFailing;
            return result;
        }
    }
}
