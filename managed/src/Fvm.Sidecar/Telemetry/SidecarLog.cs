using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>The entries of the server's log.</summary>
internal static partial class SidecarLog
{
    [LoggerMessage(1, LogLevel.Information, "fvm-sidecar {Version} is listening on {Addresses}")]
    public static partial void Listening(this ILogger log, string version, string addresses);

    [LoggerMessage(2, LogLevel.Information, "stopping: {Sessions} sessions are open, and {Waiting} calls wait for a lane")]
    public static partial void Stopping(this ILogger log, int sessions, int waiting);

    [LoggerMessage(3, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(4, LogLevel.Information, "session {Session} opened by {Client} from {Peer}")]
    public static partial void SessionOpened(this ILogger log, string session, string client, string peer);

    [LoggerMessage(5, LogLevel.Information, "session {Session} ended after {Seconds:0.000} s and {Calls} calls: {Status} {Problem}")]
    public static partial void SessionEnded(this ILogger log, string session, double seconds, long calls, StatusCode status, string problem);

    [LoggerMessage(6, LogLevel.Debug, "session {Session}: {Call} {CallId} of machine {Machine} ended in {Milliseconds:0.000} ms: {Status} {Problem}")]
    public static partial void SessionCallEnded(
        this ILogger log, string session, string call, ulong callId, ulong machine, double milliseconds, StatusCode status, string problem);

    [LoggerMessage(7, LogLevel.Debug, "{Call} ended in {Milliseconds:0.000} ms: {Status} {Problem}")]
    public static partial void CallEnded(this ILogger log, string call, double milliseconds, StatusCode status, string problem);

    [LoggerMessage(8, LogLevel.Error, "{Call} failed by a defect of this server")]
    public static partial void Defect(this ILogger log, Exception exception, string call);

    [LoggerMessage(10, LogLevel.Warning, "the collector {Collector} takes no traces: they are dropped until it does")]
    public static partial void CollectorFails(this ILogger log, string collector);

    [LoggerMessage(11, LogLevel.Information, "the collector {Collector} takes traces again")]
    public static partial void CollectorRecovers(this ILogger log, string collector);

    [LoggerMessage(9, LogLevel.Warning, "a caller was refused: {Problem}")]
    public static partial void CallerRefused(this ILogger log, string problem);
}
