using System.Diagnostics;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>Spans of calls. Without a collector there are none.</summary>
internal sealed class SidecarTracing : IDisposable
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Fvm.Sidecar";

    private readonly ActivitySource _source = new(SourceName, BuildVersion.Version);

    /// <summary>The span in whose course a client made a call, by its <c>traceparent</c>; the default value if it named none.</summary>
    public ActivityContext ParentOf(Metadata headers) => _source.HasListeners()
        && headers.GetValue("traceparent") is string parent
        && ActivityContext.TryParse(parent, headers.GetValue("tracestate"), isRemote: true, out ActivityContext context)
            ? context
            : default;

    /// <summary>The span in whose course a call of a session is made, if the call names one, else that of the session.</summary>
    public ActivityContext ParentOf(string named, ActivityContext session) => named.Length > 0 && _source.HasListeners()
        && ActivityContext.TryParse(named, null, isRemote: true, out ActivityContext context)
            ? context
            : session;

    /// <summary>Begins the span of a call.</summary>
    /// <param name="name">The kind of call.</param>
    /// <param name="parent">The client's span.</param>
    /// <returns>Null if it is not sampled.</returns>
    public Activity? Begin(string name, ActivityContext parent)
    {
        // Else without a client's span, that of the connection's request would be the parent, which nobody collects.
        Activity.Current = null;
        Activity? span = _source.StartActivity(name, ActivityKind.Server, parent);
        span?.SetTag("rpc.system", "grpc");
        return span;
    }

    /// <summary>Adds the machine's epoch to a span; none for network version 0.</summary>
    public static void Describe(Activity? span, uint networkVersion, long epoch)
    {
        if (networkVersion != 0)
        {
            span?.SetTag("fvm.network_version", networkVersion);
            span?.SetTag("fvm.epoch", epoch);
        }
    }

    /// <summary>Adds the parts of a call that has run: the wait for a lane, the execution, and within it the callbacks as one span.</summary>
    public void AddParts(Activity? span, CallTimes times, CallbackWaits? waits)
    {
        if (span is not { IsAllDataRequested: true } || !times.HasRun)
        {
            return;
        }

        DateTime now = DateTime.UtcNow;
        long stamp = Stopwatch.GetTimestamp();
        Part("queue", span.Context, times.Queued, times.Begun)?.Dispose();
        using Activity? execution = Part("execution", span.Context, times.Begun, times.Ended);
        if (waits is { Count: > 0 } && execution is not null)
        {
            using Activity? callbacks = Part("callbacks", execution.Context, waits.First, waits.Last);
            callbacks?.SetTag("fvm.callbacks", waits.Count);
            callbacks?.SetTag("fvm.callbacks.wait_ms", waits.Total.TotalMilliseconds);
        }

        Activity? Part(string name, ActivityContext parent, long from, long to)
        {
            DateTime start = now - Stopwatch.GetElapsedTime(from, stamp);
            DateTime end = now - Stopwatch.GetElapsedTime(to, stamp);
            Activity? part = _source.StartActivity(name, ActivityKind.Internal, parent, startTime: start);

            // Without any duration it would end now.
            part?.SetEndTime(end > start ? end : start.AddTicks(1));
            return part;
        }
    }

    /// <summary>Ends the span of a call with its outcome.</summary>
    public static void End(Activity? span, StatusCode code, string problem)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag("rpc.grpc.status_code", (int)code);
        if (code != StatusCode.OK)
        {
            span.SetStatus(ActivityStatusCode.Error, problem);
        }

        span.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
