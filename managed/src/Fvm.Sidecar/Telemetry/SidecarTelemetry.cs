using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>What the server lets be seen of itself: metrics, spans, and its log.</summary>
internal sealed class SidecarTelemetry(ILogger log) : IDisposable
{
    private const long TicksBetweenRefusals = TimeSpan.TicksPerSecond;

    private long _lastRefusal;

    public SidecarMetrics Metrics { get; } = new();

    public SidecarTracing Tracing { get; } = new();

    public ILogger Log => log;

    /// <summary>Counts the end of a call, and its refusal if it is one.</summary>
    /// <param name="call">The kind of call.</param>
    /// <param name="code">Its code.</param>
    /// <param name="reason">Why it failed.</param>
    /// <param name="subject">What it failed about.</param>
    public void Ended(string call, StatusCode code, ErrorReason reason, string subject)
    {
        Metrics.Ended(call, code);
        switch (reason)
        {
            case ErrorReason.LimitReached:
                // The name of a limit, one of this server's.
                Metrics.Refused(subject);
                break;
            case ErrorReason.OutOfResources:
                Metrics.Refused("resources");
                break;
            case ErrorReason.Stopping:
                Metrics.Refused("stopping");
                break;
        }
    }

    /// <summary>Records that a caller without a credential was refused; the log holds at most one of them per second.</summary>
    public void RefusedCaller(string problem)
    {
        Metrics.Refused("credential");
        long now = DateTime.UtcNow.Ticks;
        long last = Interlocked.Read(ref _lastRefusal);
        if (now - last >= TicksBetweenRefusals && Interlocked.CompareExchange(ref _lastRefusal, now, last) == last)
        {
            log.CallerRefused(problem);
        }
    }

    /// <summary>Records the times of a call that was on a lane.</summary>
    /// <param name="span">Its span.</param>
    /// <param name="call">The kind of call.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="times">The times.</param>
    /// <param name="waits">Its waits for the client; null if it cannot have any.</param>
    public void Ran(Activity? span, string call, LanePriority priority, CallTimes times, CallbackWaits? waits)
    {
        if (times.HasRun)
        {
            Metrics.Ran(call, priority, times.Queue, times.Execution);
            Tracing.AddParts(span, times, waits);
        }
    }

    /// <summary>Executes a message, and counts it.</summary>
    /// <param name="execute">Executes it.</param>
    /// <param name="waits">The waits for the client in the course of it; null if there cannot be any.</param>
    public ApplyRet Execute(Func<ApplyRet> execute, CallbackWaits? waits)
    {
        long begun = Stopwatch.GetTimestamp();
        TimeSpan waited = waits?.Total ?? TimeSpan.Zero;
        try
        {
            ApplyRet ret = execute();
            Metrics.Executed(ret.Receipt.ExitCode, ret.Receipt.GasUsed, Stopwatch.GetElapsedTime(begun) - ((waits?.Total ?? TimeSpan.Zero) - waited));
            return ret;
        }
        catch (Exception e)
        {
            Metrics.NotExecuted(CallFault.Of(e).Code == StatusCode.Cancelled);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Metrics.Dispose();
        Tracing.Dispose();
    }
}
